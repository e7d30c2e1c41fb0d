package plan

// Stats counts the fates of a program's variables, package by package,
// dependencies first. Packages without variables in play are left out.
type Stats struct {
	Packages []PackageStats `json:"packages"`
}

// PackageStats are one package's counts.
type PackageStats struct {
	Path    string `json:"path"`
	Virtual int    `json:"virtual"`
	Shared  int    `json:"shared"`
	Refused int    `json:"refused"`
	Bytes   int64  `json:"bytes"` // of the package's containers, in each image
}

// Stats counts the plan.
func (p *Plan) Stats() Stats {
	var s Stats
	for _, pkg := range p.Order {
		if virtual, shared, refused := pkg.Count(); virtual+shared+refused > 0 {
			s.Packages = append(s.Packages, PackageStats{pkg.Path, virtual, shared, refused, p.ImageBytes(pkg)})
		}
	}
	return s
}
