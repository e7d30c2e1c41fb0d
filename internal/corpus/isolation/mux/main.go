// Command mux replaces the error by which middleware and matchers say that a
// method does not fit.
package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/gorilla/mux"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

func main() {
	router := mux.NewRouter()
	router.HandleFunc("/x", func(http.ResponseWriter, *http.Request) {}).Methods("GET")
	turn.Play(func() {
		mux.ErrMethodMismatch = errors.New("changed")
		http.DefaultServeMux.Handle("/", router)
	}, func() string {
		var match mux.RouteMatch
		found := router.Match(httptest.NewRequest("POST", "/x", nil), &match)
		w := httptest.NewRecorder()
		http.DefaultServeMux.ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
		return fmt.Sprint(found, match.MatchErr, w.Code)
	})
}
