// Command cluster is a program for cmd/planbench, which links gin, viper, grpc
// and client-go.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/spf13/viper"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// greeting is the string that planbench edits.
const greeting = "hello"

func main() {
	fmt.Println(greeting)
	viper.SetDefault("addr", ":8080")
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		panic(err)
	}
	s := grpc.NewServer()
	healthpb.RegisterHealthServer(s, health.NewServer())
	go s.Serve(l)
	r := gin.New()
	r.GET("/pods", func(c *gin.Context) {
		cfg, err := clientcmd.BuildConfigFromFlags("", viper.GetString("kubeconfig"))
		if err != nil {
			c.String(http.StatusInternalServerError, err.Error())
			return
		}
		cs, err := kubernetes.NewForConfig(cfg)
		if err != nil {
			c.String(http.StatusInternalServerError, err.Error())
			return
		}
		pods, err := cs.CoreV1().Pods("").List(context.TODO(), metav1.ListOptions{})
		if err != nil {
			c.String(http.StatusInternalServerError, err.Error())
			return
		}
		c.String(http.StatusOK, fmt.Sprint(len(pods.Items)))
	})
	fmt.Println(r.Run(viper.GetString("addr")))
}
