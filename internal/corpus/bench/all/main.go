// Command all measures New and Close of images that have all modules of the
// corpus but glog, whose init function starts a goroutine that never ends, so
// that Close would wait for ever. It prints the microseconds.
package main

import (
	"context"
	"fmt"
	"time"

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
	uuid.New, mux.NewRouter, memberlist.Create, jsoniter.Marshal, dns.NewServeMux, cron.New, logrus.Info, pflag.Parse, viper.New,
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
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if err := im.Close(ctx); err != nil {
			panic(err)
		}
		cancel()
	}
	fmt.Println("allnewclose", float64(time.Since(start).Microseconds())/n)
}
