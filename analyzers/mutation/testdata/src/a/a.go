package a

import "b"

func Import(t *b.T) { b.Through(t) } // want Import:"0 written"

func ImportRead(t *b.T) int { return b.Read(t) } // want ImportRead:"reads"

func ImportResult(t *b.T) { b.Identity(nil, t).N = 1 } // want ImportResult:"0 written"

func ImportOther(t *b.T) { b.Identity(t, new(b.T)).N = 1 } // want ImportOther:"reads"

func Generic(s []*b.T) { b.Swap(s, 0, 1) } // want Generic:"0 written"

func Promoted(w *wrap) { w.Set(1) } // want Promoted:"0 written"

type wrap struct{ *b.T }

func Value(t b.T) b.T { return t.Copy(3) } // want Value:"returns 0"

func Kept(t *b.T) { b.Keep(t) } // want Kept:"0 handed on"

func Invoke(c b.Counter) { c.Inc() } // want Invoke:"0 handed on"

func InvokeValue(c b.Counter) int { return c.Value() } // want InvokeValue:"0 handed on"
