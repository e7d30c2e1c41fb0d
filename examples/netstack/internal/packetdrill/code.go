package packetdrill

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
)

// code runs Python: assertions, assignments of numbers, and print.
func (r *runner) code(text string) error {
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\n", ";"), ";") {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "\\"))
		if err := r.statement(line); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) statement(line string) error {
	if line == "" || strings.HasPrefix(line, "print") {
		return nil
	}
	if cond, ok := strings.CutPrefix(line, "assert "); ok {
		cond, _, _ = strings.Cut(cond, ",") // the message is behind it
		v, err := r.eval(cond)
		if err != nil {
			return err
		}
		if v.Kind() != constant.Bool || !constant.BoolVal(v) {
			return fmt.Errorf("not so: %s: %s", strings.TrimSpace(cond), r.values(cond))
		}
		return nil
	}
	for _, op := range []string{"+=", "-=", "="} {
		name, expr, ok := strings.Cut(line, op)
		if !ok {
			continue
		}
		v, err := r.eval(expr)
		if err != nil {
			return err
		}
		n, exact := constant.Int64Val(constant.ToInt(v))
		if !exact {
			return Unsupported{"code: " + line}
		}
		name = strings.TrimSpace(name)
		switch op {
		case "+=":
			n += r.vars[name]
		case "-=":
			n = r.vars[name] - n
		}
		r.vars[name] = n
		return nil
	}
	return Unsupported{"code: " + line}
}

// eval evaluates an expression of Python that is one of Go but for its words.
func (r *runner) eval(expr string) (constant.Value, error) {
	expr = strings.NewReplacer(" and ", " && ", " or ", " || ").Replace(expr)
	x, err := parser.ParseExpr(strings.TrimSpace(expr))
	if err != nil {
		return nil, Unsupported{"code: " + expr}
	}
	return r.value(x)
}

func (r *runner) value(x ast.Expr) (constant.Value, error) {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return r.value(x.X)
	case *ast.BasicLit:
		return constant.MakeFromLiteral(x.Value, x.Kind, 0), nil
	case *ast.Ident:
		return r.variable(x.Name)
	case *ast.BinaryExpr:
		a, err := r.value(x.X)
		if err != nil {
			return nil, err
		}
		b, err := r.value(x.Y)
		if err != nil {
			return nil, err
		}
		switch x.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			return constant.MakeBool(constant.Compare(a, x.Op, b)), nil
		}
		return constant.BinaryOp(a, x.Op, b), nil
	}
	return nil, Unsupported{fmt.Sprintf("code: %T", x)}
}

// infinite is Linux's threshold of slow start before a loss.
const infinite = 0x7fffffff

// variable returns a variable of the script's, or what Linux's struct tcp_info says
// of the connection, windows in segments.
func (r *runner) variable(name string) (constant.Value, error) {
	if v, ok := r.vars[name]; ok {
		return constant.MakeInt64(v), nil
	}
	states := []string{"TCP_CA_Open", "TCP_CA_Disorder", "TCP_CA_CWR", "TCP_CA_Recovery", "TCP_CA_Loss"}
	for i, s := range states {
		if s == name {
			return constant.MakeInt64(int64(i)), nil
		}
	}
	if name == "TCP_INFINITE_SSTHRESH" {
		return constant.MakeInt64(infinite), nil
	}
	info, ok := r.info()
	if !ok {
		return nil, fmt.Errorf("%s: no connection", name)
	}
	segments := func(n int) int { return (n + info.MSS - 1) / info.MSS }
	var n int
	switch name {
	case "tcpi_snd_cwnd":
		n = info.Cwnd / info.MSS
	case "tcpi_snd_ssthresh":
		if n = info.Ssthresh / info.MSS; info.Ssthresh == 1<<30 {
			n = infinite
		}
	case "tcpi_ca_state":
		switch {
		case info.FastRecovery:
			n = 3
		case info.LossRecovery:
			n = 4
		case info.DupAcks > 0:
			n = 1
		}
	case "tcpi_unacked":
		n = segments(info.Unacked)
	case "tcpi_sacked":
		n = segments(info.Sacked)
	case "tcpi_snd_mss":
		n = info.MSS
	case "tcpi_advmss":
		n = info.AdvMSS
	case "tcpi_backoff":
		n = info.Backoff
	case "tcpi_rtt":
		n = int(info.SRTT.Microseconds())
	case "tcpi_rto":
		n = int(info.RTO.Microseconds())
	default:
		return nil, Unsupported{"assertions of " + name}
	}
	return constant.MakeInt64(int64(n)), nil
}

// info returns the state of the connection that the script is about.
func (r *runner) info() (tcp.Info, bool) {
	for _, inp := range pcbs() {
		if inp.Fport == uint16(r.wire.remote) && inp.Lport == uint16(r.wire.local) {
			kern.Lock()
			defer kern.Unlock()
			return tcp.InfoOf(inp), true
		}
	}
	return tcp.Info{}, false
}

// values returns the values of the variables of an expression.
func (r *runner) values(expr string) string {
	x, err := parser.ParseExpr(strings.NewReplacer(" and ", " && ", " or ", " || ").Replace(expr))
	if err != nil {
		return err.Error()
	}
	var all []string
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, err := r.variable(id.Name); err == nil {
				all = append(all, id.Name+" is "+v.String())
			}
		}
		return true
	})
	return strings.Join(all, ", ")
}
