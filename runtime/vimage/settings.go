package vimage

import (
	"errors"
	"strconv"
	"strings"
)

// launchSettings reads {"n":3,"prefix":true}, both of which may be absent: then one
// image without a prefix. This package does not import encoding/json, so as not to
// become a dependency with state of its own of everything.
func launchSettings(s string) (n int, prefix bool, err error) {
	n = 1
	s = strings.TrimSpace(s)
	if s == "" {
		return n, false, nil
	}
	body, ok := strings.CutPrefix(s, "{")
	body, ok2 := strings.CutSuffix(body, "}")
	if !ok || !ok2 {
		return 0, false, errors.New("want a JSON object")
	}
	if strings.TrimSpace(body) == "" {
		return n, false, nil
	}
	for member := range strings.SplitSeq(body, ",") {
		key, value, _ := strings.Cut(member, ":")
		value = strings.TrimSpace(value)
		switch key = strings.TrimSpace(key); key {
		case `"n"`:
			if n, err = strconv.Atoi(value); err != nil || n < 1 {
				return 0, false, errors.New("n: want a positive number, not " + value)
			}
		case `"prefix"`:
			if prefix, err = strconv.ParseBool(value); err != nil {
				return 0, false, errors.New("prefix: want true or false, not " + value)
			}
		default:
			return 0, false, errors.New("unknown member " + key)
		}
	}
	return n, prefix, nil
}
