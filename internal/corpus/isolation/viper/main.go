// Command viper sets keys, defaults and the environment's prefix of the one
// global configuration.
package main

import (
	"fmt"
	"strings"

	"github.com/spf13/viper"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

func init() { viper.SetDefault("name", "default") }

func main() {
	turn.Play(func() {
		viper.Set("name", "changed")
		viper.SetDefault("port", 80)
		viper.SetConfigType("yaml")
		if err := viper.ReadConfig(strings.NewReader("server:\n  host: h\n")); err != nil {
			panic(err)
		}
		viper.SupportedExts = append(viper.SupportedExts, "mine")
	}, func() string {
		return fmt.Sprint(viper.AllSettings(), viper.GetString("server.host"), viper.SupportedExts)
	})
}
