package files // want `file zz_vnet.go is called as a generated one`

var n int

func Inc() { n++ }
