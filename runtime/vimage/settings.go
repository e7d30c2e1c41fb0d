package vimage

import (
	"errors"
	"strconv"
	"strings"
)

// settings are what vimagegen run, or the user of a launched binary, asks of
// Launch.
type settings struct {
	n             int  // images
	prefix        bool // each line of output begins with the image's name
	processPanics bool // an unrecovered panic ends the process
	failFast      bool // the first image that ends badly ends the process
	restart       bool // an image that ends badly is started again
}

// readSettings reads an object like {"n":3,"prefix":true}. Each member may be
// absent: then it is one image without more. This package does not import
// encoding/json, so as not to become a dependency with state of its own of everything.
func readSettings(text string) (settings, error) {
	s := settings{n: 1}
	text = strings.TrimSpace(text)
	if text == "" {
		return s, nil
	}
	body, ok := strings.CutPrefix(text, "{")
	body, ok2 := strings.CutSuffix(body, "}")
	if !ok || !ok2 {
		return s, errors.New("want a JSON object")
	}
	if strings.TrimSpace(body) == "" {
		return s, nil
	}
	for member := range strings.SplitSeq(body, ",") {
		key, value, _ := strings.Cut(member, ":")
		if err := s.set(strings.Trim(strings.TrimSpace(key), `"`), strings.TrimSpace(value)); err != nil {
			return s, err
		}
	}
	return s, nil
}

// set sets one member, from its JSON.
func (s *settings) set(key, value string) (err error) {
	flag := func() bool {
		b, bad := strconv.ParseBool(value)
		if bad != nil {
			err = errors.New(key + ": want true or false, not " + value)
		}
		return b
	}
	switch key {
	case "n":
		n, bad := strconv.Atoi(value)
		if bad != nil || n < 1 {
			return errors.New("n: want a positive number, not " + value)
		}
		s.n = n
	case "prefix":
		s.prefix = flag()
	case "processPanics":
		s.processPanics = flag()
	case "failFast":
		s.failFast = flag()
	case "restart":
		s.restart = flag()
	default:
		return errors.New("unknown member " + strconv.Quote(key))
	}
	return err
}
