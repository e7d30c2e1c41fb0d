package user // want package:"reaches adopted"

import . "lib"

func dots() {
	Level++      // want `lib.Level`
	Conf.Raise() // want `lib.Conf`
	V_Level := 1
	Level = V_Level // want `lib.Level.*another meaning here`
}
