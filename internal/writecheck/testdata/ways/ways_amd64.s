#include "textflag.h"

TEXT ·assemble(SB), NOSPLIT, $0-0
	MOVQ $7, ·assembled(SB)
	RET
