#include "textflag.h"

TEXT ·assemble(SB), NOSPLIT, $0-0
	MOVD $7, R0
	MOVD R0, ·assembled(SB)
	RET
