package imagetest

import (
	"bytes"
	"strconv"
	"time"
)

// Print prints the jobs of a kind, in order, as they end. It returns whether
// any test ran and whether none failed.
func (r *Run) Print(kind Kind) (ran, ok bool) {
	ok = true
	if kind == Test && r.cfg.AllowDependent {
		r.Depend()
	}
	rounds := r.cfg.Rounds
	if kind == Example {
		rounds = 1
	}
	for n := range rounds {
		var parallel []*Job
		settle := func(j *Job) {
			jobRan, jobOK := r.settle(j, n)
			for !jobOK && j.tries < r.cfg.Retries && n == rounds-1 {
				r.again(j)
				for k := range rounds {
					if r.part(j, k, false) {
						r.part(j, k, true)
					}
					jobRan, jobOK = r.settle(j, k)
				}
			}
			ran, ok = ran || jobRan, ok && jobOK
			if !jobOK && r.cfg.FailFast {
				r.fail()
			}
			if n == rounds-1 {
				r.mu.Lock()
				if j.printed = true; r.cfg.KeepText && j.out != nil && len(j.rounds) > 0 {
					j.text = string(j.out.read(j.rounds[0].begin, j.out.size()))
				}
				j.forget()
				r.mu.Unlock()
			}
		}
		for _, j := range r.cfg.Jobs {
			if j.Kind != kind || r.stops(kind) {
				continue
			}
			if r.part(j, n, false) {
				parallel = append(parallel, j)
			} else {
				settle(j)
			}
		}
		for _, j := range parallel {
			r.part(j, n, true)
			settle(j)
		}
		if !ran || r.stops(kind) {
			break
		}
	}
	return ran, ok
}

// again runs a job once more, in another image.
func (r *Run) again(j *Job) {
	r.await(j)
	r.mu.Lock()
	j.tries++
	j.over, j.aborted, j.rounds, j.out, j.at = false, false, nil, nil, 0
	j.started, j.slow = time.Now(), 0
	r.running++
	r.mu.Unlock()
	r.begin(j)
}

// fail ends the start of tests, with FailFast.
func (r *Run) fail() {
	r.mu.Lock()
	r.failed = true
	r.start() // examples
	r.mu.Unlock()
}

func (r *Run) stops(kind Kind) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed && kind != Example
}

// part prints a part of a job's round as it grows: up to the call of
// t.Parallel, and then reports true, or up to the end; or, with rest, from that
// call on.
func (r *Run) part(j *Job, n int, rest bool) (paused bool) {
	begun := false
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		for r.frozen {
			r.changed.Wait()
		}
		d := j.round(n)
		if d == nil {
			if j.over {
				return false
			}
			r.changed.Wait()
			continue
		}
		if !begun {
			begun = true
			if j.at = d.begin; rest {
				j.at = d.pause
			}
		}
		end, last := int64(0), true
		switch {
		case d.paused && !rest:
			end, paused = d.pause, true
		case d.done:
			end = d.end
		case j.over:
			end = j.out.size()
		default:
			end, last = j.out.size(), false
		}
		if j.at < end {
			text := j.out.read(j.at, end)
			j.at = end
			r.write(text)
			continue
		}
		if last {
			return paused
		}
		r.changed.Wait()
	}
}

// settle returns the result of a round that is printed. If the image ended
// before its test did, settle says so.
func (r *Run) settle(j *Job, n int) (ran, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := j.round(n)
	if d != nil && d.done {
		return d.ran, d.ok
	}
	if n > 0 && d == nil { // an earlier round ended the image, and is reported
		return true, j.passed()
	}
	var text []byte
	if j.out != nil {
		from := int64(0)
		if d != nil {
			from = d.begin
		}
		text = j.out.read(from, j.out.size())
	}
	if d == nil {
		r.write(text)
	}
	if !reported(text, j.Name) {
		r.say("--- FAIL: " + j.Name + " (" + seconds(time.Since(j.started)) + ")")
	}
	switch {
	case d == nil && n == 0:
		r.say("    its image ended before the test began, with status " + strconv.Itoa(j.status) + " (" + j.how + ");")
		r.say("    a TestMain that cannot run in several images at once can run once: -testmain=once")
	case j.how != "panic" && !j.aborted:
		r.say("    its image ended before the test did, with status " + strconv.Itoa(j.status) + " (" + j.how + ")")
	}
	return true, false
}

// Flush prints what there is of all jobs and has Print print no more, for a
// process that is about to end.
func (r *Run) Flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frozen = true
	for _, j := range r.cfg.Jobs {
		if j.printed || len(j.rounds) == 0 {
			continue
		}
		r.write(j.out.read(max(j.at, j.rounds[0].begin), j.out.size()))
	}
	if r.midLine {
		r.write([]byte("\n"))
	}
}

// afterwards reports an image that ended badly after its test had passed.
func (r *Run) afterwards(j *Job) {
	end := int64(0)
	for _, d := range j.rounds {
		end = d.end
	}
	r.write(j.out.read(end, j.out.size()))
	r.say("testing: the image of " + j.Name + ", which passed, ended with status " + strconv.Itoa(j.status) + " (" + j.how + ")")
}

// reported reports whether the text has the line by which package testing
// reports that a test failed.
func reported(text []byte, name string) bool {
	line := []byte("--- FAIL: " + name + " (")
	for i := 0; ; {
		k := bytes.Index(text[i:], line)
		if k < 0 {
			return false
		}
		if i += k; i == 0 || text[i-1] == '\n' || text[i-1] == marker {
			return true
		}
		i++
	}
}

// marker begins the lines that test2json reads.
const marker = 0x16

func (r *Run) write(text []byte) {
	if len(text) > 0 {
		r.midLine = text[len(text)-1] != '\n'
		r.cfg.Write(text)
	}
}

// say prints a line of its own.
func (r *Run) say(line string) {
	if r.midLine {
		line = "\n" + line
	}
	r.write([]byte(r.cfg.Prefix + line + "\n"))
}

// seconds spells a duration as package testing does.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + "s"
}
