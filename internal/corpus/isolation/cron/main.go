// Command cron replaces the default logger, which every scheduler made
// afterwards writes to.
package main

import (
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/robfig/cron/v3"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

var out strings.Builder

func init() { cron.DefaultLogger = cron.PrintfLogger(log.New(io.Discard, "", 0)) }

func main() {
	turn.Play(func() {
		cron.DefaultLogger = cron.VerbosePrintfLogger(log.New(&out, "", 0))
	}, func() string {
		out.Reset()
		job := cron.NewChain(cron.Recover(cron.DefaultLogger)).Then(cron.FuncJob(func() { panic("job") }))
		job.Run()
		s, err := cron.ParseStandard("@every 1h")
		return fmt.Sprint(strings.Contains(out.String(), "job"), s, err)
	})
}
