// Command levels sets logrus's global level by its argument and logs at two
// levels. In one process, each image has a level of its own:
//
//	vimagegen run -n 3 -prefix ./levels {image}
package main

import (
	"os"
	"time"

	"github.com/sirupsen/logrus"
)

func main() {
	logrus.SetFormatter(&logrus.TextFormatter{DisableTimestamp: true})
	if len(os.Args) > 1 && os.Args[1] == "2" {
		logrus.SetLevel(logrus.ErrorLevel)
	}
	time.Sleep(100 * time.Millisecond) // until every image has set what it sets
	logrus.Info("level is ", logrus.GetLevel())
	logrus.Error("level is ", logrus.GetLevel())
}
