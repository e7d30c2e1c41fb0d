// Command web is a program for cmd/planbench, which links gin, viper, cobra and
// client_golang.
package main

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

var hits = promauto.NewCounter(prometheus.CounterOpts{Name: "hits_total", Help: "Hits."})

func serve(cmd *cobra.Command, args []string) error {
	viper.SetDefault("addr", ":8080")
	r := gin.New()
	r.GET("/", func(c *gin.Context) {
		hits.Inc()
		c.String(http.StatusOK, "hello %s", viper.GetString("name"))
	})
	r.GET("/metrics", gin.WrapH(promhttp.Handler()))
	fmt.Println("serving")
	return r.Run(viper.GetString("addr"))
}

// greeting is the string that planbench edits.
const greeting = "hello"

func main() {
	fmt.Println(greeting)
	cmd := &cobra.Command{Use: "server", RunE: serve}
	cmd.Flags().String("addr", ":8080", "address")
	if err := viper.BindPFlags(cmd.Flags()); err != nil {
		panic(err)
	}
	if err := cmd.Execute(); err != nil {
		fmt.Println(err)
	}
}
