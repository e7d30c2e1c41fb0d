// Command all measures New and Close of images that have all modules of the corpus. It prints the microseconds.
package main

import (
	"context"
	"fmt"
	"time"

	"github.com/golang/glog"
	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"github.com/hashicorp/memberlist"
	jsoniter "github.com/json-iterator/go"
	"github.com/miekg/dns"
	"github.com/robfig/cron/v3"
	"github.com/sirupsen/logrus"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// used keeps the modules in the program.
var used = []any{
	glog.Info, uuid.New, mux.NewRouter, memberlist.Create, jsoniter.Marshal, dns.NewServeMux, cron.New, logrus.Info, pflag.Parse, viper.New,
}

func main() {
	used = append(used, nil)
	const warm, n = 20, 200
	var start time.Time
	for i := range warm + n {
		if i == warm {
			start = time.Now()
		}
		im, err := vimage.New()
		if err != nil {
			panic(err)
		}
		if err := im.Close(context.Background()); err != nil {
			panic(err)
		}
	}
	fmt.Println("allnewclose", float64(time.Since(start).Microseconds())/n)
}
