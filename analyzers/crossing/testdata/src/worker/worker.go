package worker

import "sync"

//vimage:shared one pool of workers for all
var jobs = make(chan func())

//vimage:shared for the test
var tasks = make(chan task)

type task struct {
	n   int
	run func(int)
}

//vimage:shared for the test
var numbers = make(chan int)

var mine = make(chan func())

var once sync.Once

func init() {
	go func() { // want `this goroutine runs the functions that it takes from shared jobs in the image that it was started in`
		for f := range jobs {
			f()
		}
	}()
	go func() {
		for f := range mine { // each image's init starts its own
			f()
		}
	}()
	go count()
}

func start() {
	once.Do(func() {
		go serve(tasks) // want `takes from shared tasks`
		go each(mine)
	})
}

func serve(ch chan task) {
	for t := range ch {
		t.run(t.n)
	}
}

func each(ch <-chan func()) {
	for {
		select {
		case f := <-ch:
			f()
		}
	}
}

func count() {
	total := 0
	for n := range numbers { // data, no functions
		total += n
	}
}

type pool struct{ work chan func() }

//vimage:shared for the test
var common = newPool()

type ownPool struct{ work chan func() }

var private = newOwn()

func newPool() *pool {
	p := &pool{make(chan func())}
	go p.loop() // want `takes from shared common`
	return p
}

func newOwn() *ownPool {
	p := &ownPool{make(chan func())}
	go p.loop()
	return p
}

func (p *pool) loop() {
	for f := range p.work {
		f()
	}
}

func (p *ownPool) loop() {
	for f := range p.work {
		f()
	}
}

func use() {
	start()
	common.work <- use
	private.work <- use
}
