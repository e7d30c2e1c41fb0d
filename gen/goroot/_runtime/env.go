package syscall

import (
	"runtime"
	"sync"
)

// A vnetEnv is an image's own environment.
type vnetEnv struct {
	mu   sync.Mutex
	list []string // KEY=VALUE
}

// vnetOwnEnv returns the current image's environment, nil if it has the
// process's.
func vnetOwnEnv() *vnetEnv {
	im := runtime.VnetCurrent()
	if im == nil || im.Env == nil {
		return nil
	}
	vnetEnvs.Lock()
	defer vnetEnvs.Unlock()
	e, _ := im.Sys.(*vnetEnv)
	if e == nil {
		e = &vnetEnv{}
		for _, kv := range im.Env {
			for i := range kv {
				if kv[i] == '=' && i > 0 {
					e.set(kv[:i], kv[i+1:])
					break
				}
			}
		}
		im.Sys = e
	}
	return e
}

// vnetEnvs guards all images' Sys.
var vnetEnvs sync.Mutex

func (e *vnetEnv) find(key string) int {
	for i, kv := range e.list {
		if len(kv) > len(key) && kv[len(key)] == '=' && kv[:len(key)] == key {
			return i
		}
	}
	return -1
}

func (e *vnetEnv) set(key, value string) {
	if i := e.find(key); i >= 0 {
		e.list[i] = key + "=" + value
	} else {
		e.list = append(e.list, key+"="+value)
	}
}

// The functions below stand at the heads of those of the same name, and say
// whether the image has an answer.

func vnetGetenv(key string) (value string, found, own bool) {
	e := vnetOwnEnv()
	if e == nil {
		return "", false, false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if i := e.find(key); i >= 0 && key != "" {
		return e.list[i][len(key)+1:], true, true
	}
	return "", false, true
}

func vnetSetenv(key, value string) (err error, own bool) {
	e := vnetOwnEnv()
	if e == nil {
		return nil, false
	}
	if key == "" {
		return EINVAL, true
	}
	for i := range len(key) {
		if key[i] == '=' || key[i] == 0 {
			return EINVAL, true
		}
	}
	for i := range len(value) {
		if value[i] == 0 {
			return EINVAL, true
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.set(key, value)
	return nil, true
}

func vnetUnsetenv(key string) (own bool) {
	e := vnetOwnEnv()
	if e == nil {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if i := e.find(key); i >= 0 {
		e.list = append(e.list[:i:i], e.list[i+1:]...)
	}
	return true
}

func vnetClearenv() (own bool) {
	e := vnetOwnEnv()
	if e == nil {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = nil
	return true
}

func vnetEnviron() (list []string, own bool) {
	e := vnetOwnEnv()
	if e == nil {
		return nil, false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string{}, e.list...), true
}
