// Command apiserver is a program for cmd/planbench, which links client-go,
// apiserver, grpc and nats-server.
package main

import (
	"fmt"
	"net"
	"os"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/options"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
)

func serve() error {
	cfg, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	clients, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return err
	}
	shared := informers.NewSharedInformerFactory(clients, 0)
	shared.Core().V1().Pods().Informer()
	opts := options.NewRecommendedOptions("/registry", clientscheme.Codecs.LegacyCodec())
	config := genericapiserver.NewRecommendedConfig(serializer.NewCodecFactory(clientscheme.Scheme))
	if err := opts.ApplyTo(config); err != nil {
		return err
	}
	server, err := config.Complete().New("planbench", genericapiserver.NewEmptyDelegate())
	if err != nil {
		return err
	}
	nats, err := natsserver.NewServer(&natsserver.Options{Port: -1})
	if err != nil {
		return err
	}
	go nats.Start()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	s := grpc.NewServer()
	healthpb.RegisterHealthServer(s, health.NewServer())
	go s.Serve(l)
	fmt.Println("serving", l.Addr(), server.Handler != nil)
	return nil
}

// greeting is the string that planbench edits.
const greeting = "hello"

func main() {
	fmt.Println(greeting)
	if err := serve(); err != nil {
		fmt.Println(err)
	}
}
