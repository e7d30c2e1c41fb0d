// Package turn plays a program's part in three images of a committed build (go
// run -tags vimage). Programs import it in place of package isolation/turn,
// which is for builds that vimagegen drives.
package turn

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// Play makes three images and exits with 1 unless they are isolated: what
// change does in one of them is seen there by see, and in no other one, image 0
// included. At first the three see the same. Play prints what they see.
func Play(change func(), see func() string) {
	if err := play(change, see); err != nil {
		fmt.Println("images:", err)
		os.Exit(1)
	}
}

func play(change func(), see func() string) error {
	main := see()
	var images [3]*vimage.Image
	for i := range images {
		img, err := vimage.New(vimage.WithName(fmt.Sprint("image", i+1)))
		if err != nil {
			return err
		}
		images[i] = img
	}
	look := func() (all [3]string) {
		for i, img := range images {
			img.Do(func() { all[i] = see() })
		}
		return all
	}
	first := look()
	if first[1] != first[0] || first[2] != first[0] {
		return fmt.Errorf("they begin with %q", first)
	}
	images[0].Do(change)
	second := look()
	if second[0] == first[0] || second[1] != first[1] || second[2] != first[2] {
		return fmt.Errorf("after a change in the first one they see %q", second)
	}
	images[1].Do(change)
	if third := look(); third[0] != second[0] || third[1] != second[0] || third[2] != first[2] {
		return fmt.Errorf("after the same change in the second one they see %q", third)
	}
	if now := see(); now != main {
		return fmt.Errorf("image 0 sees %q, and saw %q", now, main)
	}
	for _, img := range images {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err := img.Close(ctx)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) { // a library's daemon may never end
			return err
		}
	}
	fmt.Printf("images: three are isolated: %.60q, and %.60q after the change\n", first[0], second[0])
	return nil
}
