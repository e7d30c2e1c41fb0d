// Command logrus changes the standard logger's settings.
package main

import (
	"bytes"
	"fmt"

	"github.com/sirupsen/logrus"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

type hook struct{}

func (hook) Levels() []logrus.Level { return logrus.AllLevels }

func (hook) Fire(e *logrus.Entry) error { e.Data["hook"] = 1; return nil }

func main() {
	turn.Play(func() {
		logrus.SetLevel(logrus.DebugLevel)
		logrus.SetFormatter(&logrus.JSONFormatter{DisableTimestamp: true})
		logrus.AddHook(hook{})
	}, func() string {
		var buf bytes.Buffer
		std := logrus.StandardLogger()
		defer logrus.SetOutput(std.Out)
		logrus.SetOutput(&buf)
		logrus.Debug("only when debugging")
		return fmt.Sprintf("%v %T %d %q", logrus.GetLevel(), std.Formatter, len(std.Hooks), buf.String())
	})
}
