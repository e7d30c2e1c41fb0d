// Command mux replaces the error by which middleware and matchers say that a
// method does not fit.
package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/gorilla/mux"

	turn "github.com/go-vimage/vimage/internal/corpus/isolation/three"
)

func main() {
	router := mux.NewRouter()
	router.HandleFunc("/x", func(http.ResponseWriter, *http.Request) {}).Methods("GET")
	turn.Play(func() { mux.ErrMethodMismatch = errors.New("changed") }, func() string {
		var match mux.RouteMatch
		found := router.Match(httptest.NewRequest("POST", "/x", nil), &match)
		return fmt.Sprint(found, match.MatchErr)
	})
}
