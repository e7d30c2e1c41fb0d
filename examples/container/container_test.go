package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A stage is a folder that stands for the file system of a Dockerfile's stage.
type stage struct {
	root, workdir string
	env           []string
	entrypoint    []string
}

// build does what the Dockerfile says, with the go command of this machine, and
// returns the last stage. The source is not copied: /src is the repository.
func build(t *testing.T) *stage {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	check(t, err)
	repo, err := filepath.Abs("../..")
	check(t, err)
	stages := map[string]*stage{}
	var s *stage
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		switch args := words[1:]; words[0] {
		case "FROM":
			s = &stage{root: t.TempDir(), workdir: "/"}
			if len(args) == 3 && args[1] == "AS" {
				stages[args[2]] = s
			}
		case "WORKDIR":
			s.workdir = args[0]
		case "ENV":
			s.env = append(s.env, strings.ReplaceAll(args[0], "=/", "="+s.root+"/"))
		case "EXPOSE":
		case "COPY":
			switch {
			case args[0] == "." && args[1] == ".": // into workdir
				check(t, os.Symlink(repo, s.root+s.workdir))
			case strings.HasPrefix(args[0], "--from="):
				copyFile(t, stages[args[0][len("--from="):]].root+args[1], s.root+args[2])
			default:
				copyFile(t, filepath.Join(repo, args[0]), s.root+args[1])
			}
		case "RUN":
			command := strings.ReplaceAll(strings.Join(args, " "), " /", " "+s.root+"/")
			cmd := exec.Command("sh", "-c", command)
			cmd.Dir, cmd.Env = repo, append(os.Environ(), s.env...)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", command, err, out)
			}
		case "ENTRYPOINT":
			check(t, json.Unmarshal([]byte(strings.Join(args, " ")), &s.entrypoint))
		default:
			t.Fatalf("this test does not know %s", words[0])
		}
	}
	return s
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	check(t, err)
	check(t, os.WriteFile(to, data, 0o755))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestContainer runs what the container would run, without a toolchain in
// reach: three servers with a count of their own each.
func TestContainer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds what the Dockerfile builds")
	}
	s := build(t)
	images := s.root + "/images"
	text, err := os.ReadFile(images)
	check(t, err)
	text = regexp.MustCompile(`:808\d`).ReplaceAll(text, []byte("127.0.0.1:0")) // whichever ports are free here
	check(t, os.WriteFile(images, text, 0o644))

	cmd := exec.Command(s.root + s.entrypoint[0])
	cmd.Dir, cmd.Env = s.root, append(s.env, "PATH=")
	stderr, err := cmd.StderrPipe()
	check(t, err)
	check(t, cmd.Start())
	defer cmd.Wait()
	defer cmd.Process.Kill()

	addrs := map[string]string{} // by image
	listens := regexp.MustCompile(`^(\d): .* listens on (\S+)`)
	limit := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer limit.Stop()
	for lines := bufio.NewScanner(stderr); len(addrs) < 3 && lines.Scan(); {
		if m := listens.FindStringSubmatch(lines.Text()); m != nil {
			addrs[m[1]] = m[2]
		}
	}
	for _, visit := range []struct{ image, want string }{
		{"1", "books: visit 1\n"}, {"1", "books: visit 2\n"}, {"2", "records: visit 1\n"}, {"3", "toys & games: visit 1\n"},
	} {
		r, err := http.Get("http://" + addrs[visit.image])
		check(t, err)
		body, err := io.ReadAll(r.Body)
		check(t, err)
		r.Body.Close()
		if string(body) != visit.want {
			t.Errorf("image %s: %q, want %q", visit.image, body, visit.want)
		}
	}
}
