package tests

import (
	vimage "container"
	"context"
	"flag"
	"fmt"
	imagetest "internal/types"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// The run: the images in which tests run, and what M.Run does in them.

// vnetRun is called at the head of M.Run. In an image of a job it is M.Run, and
// reports true.
func vnetRun(m *M) bool {
	j := vnetCurrent()
	if j == nil {
		return false
	}
	m.numRun++
	if !flag.Parsed() {
		flag.Parse()
	}
	ok := true
	rounds := *count
	switch j.Kind {
	case imagetest.Example:
		rounds = 1
	case imagetest.Group:
		rounds = uint(len(j.Tests))
	}
	var before *imagetest.Snapshot
	pollution := vnetWants("detect-pollution")
	if j.Watch || pollution {
		before = imagetest.Take(vnetContainers())
	}
	for i := uint(0); i < rounds; i++ {
		if i > 0 && *failFast && j.failed.Load() > 0 {
			break
		}
		if j.Kind == imagetest.Group {
			j.Index = j.Tests[i]
			if i == rounds-1 && j.Watch {
				j.Note(before.Changed())
				before.Restore(j.Reset)
			}
		}
		j.Begin()
		ran, passed := j.test(m)
		j.Done(ran, passed)
		ok = ok && passed
	}
	if pollution && j.Kind != imagetest.Group {
		j.Note(before.Changed())
	}
	if vnetWants("leaks") && j.Kind != imagetest.Group {
		j.Leak(vimage.Current().Left())
	}
	if !ok {
		m.exitCode = 1
	}
	return true
}

// vnetContainers returns the current image's containers of packages that are
// not of the standard library.
func vnetContainers() (list []imagetest.Container) {
	for _, c := range vimage.Current().Containers() {
		if !c.Std && c.Value != nil {
			list = append(list, imagetest.Container{Path: c.Path, Value: c.Value})
		}
	}
	return list
}

// test runs the job's test once.
func (j *vnetJob) test(m *M) (ran, ok bool) {
	deps := vnetDeps{m.deps}
	switch j.Kind {
	case imagetest.Example:
		return true, runExample(m.examples[j.Index])
	case imagetest.Fuzz:
		return vnetFuzz(deps, m.fuzzTargets[j.Index])
	}
	ctx, cancelCtx := context.WithCancel(context.Background())
	tstate := newTestState(*parallel, newMatcher(deps.MatchString, *match, "-test.run", *skip))
	tstate.deadline = vnetDeadline
	t := &T{
		common: common{
			signal:     make(chan bool, 1),
			barrier:    make(chan bool),
			w:          vimage.Stdout(),
			ctx:        ctx,
			cancelCtx:  cancelCtx,
			modulePath: deps.ModulePath(),
			importPath: deps.ImportPath(),
		},
		tstate: tstate,
	}
	if Verbose() {
		t.chatty = newChattyPrinter(t.w)
	}
	test := m.tests[j.Index]
	tRunner(t, func(t *T) { t.Run(test.Name, test.F) })
	select {
	case <-t.signal:
	default:
		panic("internal error: tRunner exited without sending on t.signal")
	}
	return t.ran, !t.Failed()
}

// vnetFuzz runs a fuzz target with its seeds.
func vnetFuzz(deps testDeps, target InternalFuzzTarget) (ran, ok bool) {
	tstate := newTestState(*parallel, newMatcher(deps.MatchString, *match, "-test.run", *skip))
	tstate.deadline = vnetDeadline
	root := common{w: vimage.Stdout()}
	if Verbose() {
		root.chatty = newChattyPrinter(root.w)
	}
	name, _, _ := tstate.match.fullName(nil, target.Name)
	ctx, cancelCtx := context.WithCancel(context.Background())
	f := &F{
		common: common{
			signal:    make(chan bool),
			barrier:   make(chan bool),
			name:      name,
			parent:    &root,
			level:     root.level + 1,
			chatty:    root.chatty,
			ctx:       ctx,
			cancelCtx: cancelCtx,
		},
		tstate: tstate,
		fstate: &fuzzState{deps: deps, mode: seedCorpusOnly},
	}
	f.w = indenter{&f.common}
	f.setOutputWriter()
	if f.chatty != nil {
		f.chatty.Updatef(f.name, "=== RUN   %s\n", f.name)
	}
	go fRunner(f, target.Fn)
	<-f.signal
	if f.chatty != nil && f.chatty.json {
		f.chatty.Updatef(f.parent.name, "=== NAME  %s\n", f.parent.name)
	}
	return f.ran, !f.Failed()
}

// vnetDeps are the dependencies of an image of a job.
type vnetDeps struct{ testDeps }

func (d vnetDeps) MatchString(pat, str string) (bool, error) {
	vnetMatching.Lock()
	defer vnetMatching.Unlock()
	return d.testDeps.MatchString(pat, str)
}

// vnetTests is called by M.Run instead of runTests, which it gets as plain. If
// more than one test is asked for it runs each in an image.
func vnetTests(m *M, deadline time.Time, plain func() (bool, bool)) (ran, ok bool) {
	vnetDeadline, vnetM, vnetBegan = deadline, nil, time.Now()
	if !vnetWants("isolate=test") || *matchFuzz != "" || m.numRun > 1 {
		return plain()
	}
	// One test is most often a process that a test has started, by os.Args[0].
	// The go command's own has -test.paniconexit0.
	few := len(vnetSelect(m, imagetest.Test, imagetest.Fuzz, imagetest.Example)) < 2
	if few && !(*panicOnExit0 && vnetWants("reports")) {
		return plain()
	}
	vnetM = m
	if len(cpuList) == 1 {
		vnetStartRun(vnetSelect(m, imagetest.Test, imagetest.Fuzz, imagetest.Example))
		return vnetRunning.Print(imagetest.Test)
	}
	return vnetForEachCPU(imagetest.Test)
}

// vnetFuzzTests is called by M.Run instead of runFuzzTests.
func vnetFuzzTests(plain func() (bool, bool)) (ran, ok bool) {
	switch {
	case vnetM == nil:
		return plain()
	case len(cpuList) == 1:
		return vnetRunning.Print(imagetest.Fuzz)
	}
	return vnetForEachCPU(imagetest.Fuzz)
}

// vnetExamples is called by M.Run instead of runExamples, after all others.
func vnetExamples(plain func() (bool, bool)) (ran, ok bool) {
	if vnetM == nil {
		return plain()
	}
	if len(cpuList) > 1 {
		vnetStartRun(vnetSelect(vnetM, imagetest.Example))
	}
	ran, ok = vnetRunning.Print(imagetest.Example)
	if len(cpuList) == 1 {
		vnetReport(vnetRunning.Depend())
	}
	ok = vnetRunning.Close() && ok
	lines, clean := vnetRunning.Reports()
	ok = ok && clean
	if vnetWants("summary") {
		lines = append(lines, vnetRunning.Summary(time.Since(vnetBegan)))
	}
	vnetSay(lines)
	if dir := vnetJUnit; dir != "" {
		vnetWriteJUnit(dir)
	}
	vnetRunning = nil
	return ran, ok
}

// vnetReport prints which tests depend on others.
func vnetReport(list []imagetest.Dependence) {
	text, _ := os.ReadFile(vnetReasonFile)
	var lines []string
	for _, d := range list {
		d.Explain(string(text))
		lines = append(lines, d.String())
	}
	vnetSay(lines)
}

// vnetSay prints lines that are of no test.
func vnetSay(lines []string) {
	if len(lines) > 0 && chatty.json {
		fmt.Print(chatty.prefix(), "=== NAME  \n")
	}
	for _, line := range lines {
		fmt.Print(chatty.prefix(), "testing: ", line, "\n")
	}
}

// vnetJUnit is a folder for the results in JUnit's form, a file for each test
// binary; set by the linker.
var vnetJUnit string

func vnetWriteJUnit(dir string) {
	pkg := vnetM.deps.ImportPath()
	file := dir + "/" + strings.ReplaceAll(pkg, "/", "%") + ".xml"
	if err := os.WriteFile(file, []byte(vnetRunning.JUnit(pkg, time.Since(vnetBegan))), 0o666); err != nil {
		fmt.Fprintf(vimage.Stderr(), "testing: %v\n", err)
		os.Exit(2)
	}
}

// vnetForEachCPU runs the jobs of a kind once for each number of processors.
func vnetForEachCPU(kind imagetest.Kind) (ran, ok bool) {
	ok = true
	for _, procs := range cpuList {
		if *failFast && !ok {
			break
		}
		runtime.GOMAXPROCS(procs)
		vnetStartRun(vnetSelect(vnetM, kind))
		procsRan, procsOK := vnetRunning.Print(kind)
		ran, ok = ran || procsRan, vnetRunning.Close() && ok && procsOK
	}
	return ran, ok
}

// vnetStartRun starts images for jobs.
func vnetStartRun(jobs []*imagetest.Job) {
	vimage.Unhost()
	vnetFlagList = nil
	flag.VisitAll(func(f *flag.Flag) {
		if len(f.Name) > 5 && f.Name[:5] == "test." {
			vnetFlagList = append(vnetFlagList, f)
		}
	})
	wide := true
	flag.Visit(func(f *flag.Flag) { wide = wide && f.Name != "test.parallel" })
	if CoverMode() == "count" { // its counters are not atomic
		*parallel, wide = 1, false
	}
	cfg := imagetest.Config{
		Jobs: jobs, Parallel: *parallel, Wide: wide, Rounds: int(*count), FailFast: *failFast, Prefix: chatty.prefix(),
		AllowDependent: vnetWants("allow-dependent"),
		Groups:         vnetGroups(), Slow: vnetDuration("slow"), Retries: vnetRetries(), KeepText: vnetJUnit != "",
		Start: vnetStartJob, Timeout: vnetDuration("test-timeout"),
		Abort: func(j *imagetest.Job, reason string) {
			if job, ok := vnetByJob.Load(j); ok {
				job.(*vnetJob).image.Abort(reason)
			}
		},
		Write: func(text []byte) { fmt.Print(string(text)) },
	}
	if vnetWants("watch") {
		runtime.VnetWatch()
		cfg.Dead = func(j *imagetest.Job) bool {
			job, ok := vnetByJob.Load(j)
			return ok && job.(*vnetJob).image.Deadlocked()
		}
	}
	vnetRunning = imagetest.Start(cfg)
}

// vnetStartJob starts an image for a job.
func vnetStartJob(j *imagetest.Job) {
	job := &vnetJob{Job: j}
	t := vimage.TestImage{Name: j.Name, Env: vnetEnviron, Out: j.Output()}
	t.Enter = func(im *vimage.Image) {
		job.image = im
		vnetJobs.Store(im, job)
		vnetByJob.Store(j, job)
	}
	t.Wide = func(what string) bool {
		if what == "working directory" {
			job.moved.Store(true)
		}
		return j.Hold()
	}
	t.Ended = func(im *vimage.Image, status int, how string) {
		vnetJobs.Delete(im)
		vnetByJob.Delete(j)
		if job.moved.Load() {
			os.Chdir(vnetDir)
		}
		j.End(status, how)
	}
	if vnetWants("testmain=once") {
		t.Env = os.Environ()
		t.Main = func() {
			a := &vnetArgs
			os.Exit(MainStart(a.deps, a.tests, a.benchmarks, a.fuzzTargets, a.examples).Run())
		}
	}
	t.Start()
}

// vnetSelect returns a job for each test, fuzz target and example that the
// command line asks for, of some kinds.
func vnetSelect(m *M, kinds ...imagetest.Kind) (jobs []*imagetest.Job) {
	match := newMatcher(m.deps.MatchString, *match, "-test.run", *skip)
	add := func(kind imagetest.Kind, index int, name string) {
		if _, matched, _ := match.fullName(nil, name); matched && slices.Contains(kinds, kind) && vnetPart(name) {
			jobs = append(jobs, &imagetest.Job{Kind: kind, Index: index, Name: name})
		}
	}
	for i, t := range m.tests {
		add(imagetest.Test, i, t.Name)
	}
	for i, t := range m.fuzzTargets {
		add(imagetest.Fuzz, i, t.Name)
	}
	for i, e := range m.examples {
		add(imagetest.Example, i, e.Name)
	}
	return jobs
}
