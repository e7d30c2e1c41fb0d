package imagetest

import (
	"strconv"
	"strings"
	"time"
)

// Skip reports that the job's test has skipped itself.
func (j *Job) Skip() { j.skipped = true }

// Leak takes what the job's test has left running, for people.
func (j *Job) Leak(text string) { j.leak = text }

// Reports returns what there is to report besides the tests' own output, a line
// or more each: tests that passed only when tried again, what tests left
// running, and which variables they left changed. It returns whether none of
// that is a failure. All jobs are printed by then.
func (r *Run) Reports() (list []string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ok = true
	for _, j := range r.cfg.Jobs {
		if j.tries > 0 && j.passed() {
			list = append(list, "FLAKY "+j.Name+": passed on try "+strconv.Itoa(j.tries+1)+" of "+
				strconv.Itoa(r.cfg.Retries+1))
		}
	}
	for _, j := range r.cfg.Jobs {
		if j.leak != "" {
			list = append(list, j.Name+" leaves "+j.leak)
			ok = false
		}
	}
	for _, j := range r.cfg.Jobs {
		if len(j.changed) > 0 {
			list = append(list, j.Name+" leaves changed: "+strings.Join(j.changed, ", "))
		}
	}
	return list, ok
}

// Summary is a line with the numbers of the run.
func (r *Run) Summary(elapsed time.Duration) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	tests := 0
	var sum time.Duration
	for _, j := range r.cfg.Jobs {
		if !j.started.IsZero() {
			tests++
			sum += j.took
		}
	}
	return strconv.Itoa(tests) + " tests in " + strconv.Itoa(r.images) + " images, " + seconds(elapsed) +
		"; one after the other " + seconds(sum)
}

// JUnit is the run as a testsuite element of JUnit's XML.
func (r *Run) JUnit(pkg string, elapsed time.Duration) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	tests, failures, skipped := 0, 0, 0
	for _, j := range r.cfg.Jobs {
		if j.started.IsZero() {
			continue
		}
		tests++
		b.WriteString("\t\t<testcase classname=\"" + escape(pkg) + "\" name=\"" + escape(j.Name) +
			"\" time=\"" + plainSeconds(j.took) + "\">")
		switch {
		case !j.passed():
			failures++
			b.WriteString("<failure message=\"Failed\">" + escape(j.text) + "</failure>")
		case j.skipped:
			skipped++
			b.WriteString("<skipped></skipped>")
		case j.tries > 0:
			b.WriteString("<flakyFailure message=\"Failed at first\"></flakyFailure>")
		}
		b.WriteString("</testcase>\n")
	}
	return "\t<testsuite name=\"" + escape(pkg) + "\" tests=\"" + strconv.Itoa(tests) + "\" failures=\"" +
		strconv.Itoa(failures) + "\" skipped=\"" + strconv.Itoa(skipped) + "\" time=\"" + plainSeconds(elapsed) +
		"\">\n" + b.String() + "\t</testsuite>\n"
}

func plainSeconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// escape spells text in XML, which has no place for most control characters.
func escape(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '<':
			b.WriteString("&lt;")
		case c == '&':
			b.WriteString("&amp;")
		case c == '"':
			b.WriteString("&#34;")
		case c < ' ' && c != '\n' && c != '\t' || c == 0xFFFE || c == 0xFFFF:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
