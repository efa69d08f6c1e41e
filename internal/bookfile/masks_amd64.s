#include "textflag.h"

DATA commas<>+0(SB)/8, $0x2c2c2c2c2c2c2c2c
DATA commas<>+8(SB)/8, $0x2c2c2c2c2c2c2c2c
GLOBL commas<>(SB), RODATA|NOPTR, $16
DATA quotes<>+0(SB)/8, $0x2222222222222222
DATA quotes<>+8(SB)/8, $0x2222222222222222
GLOBL quotes<>(SB), RODATA|NOPTR, $16
DATA spaces<>+0(SB)/8, $0x2020202020202020
DATA spaces<>+8(SB)/8, $0x2020202020202020
GLOBL spaces<>(SB), RODATA|NOPTR, $16

// MASK sets in AX the bits of the 16 bytes from SI+at on that marks looks for.
// As signed numbers, control characters and bytes beyond ASCII are all below
// a space.
#define MASK(at) \
	MOVOU    at(SI), X0; \
	MOVO     X0, X1;     \
	PCMPEQB  X5, X1;     \
	MOVO     X0, X2;     \
	PCMPEQB  X6, X2;     \
	MOVO     X7, X3;     \
	PCMPGTB  X0, X3;     \
	POR      X2, X1;     \
	POR      X3, X1;     \
	PMOVMSKB X1, AX

// func masksOf16(masks []uint64, from *byte)
TEXT ·masksOf16(SB), NOSPLIT, $0-32
	MOVQ  masks_base+0(FP), DI
	MOVQ  masks_len+8(FP), CX
	MOVQ  from+24(FP), SI
	MOVOU commas<>(SB), X5
	MOVOU quotes<>(SB), X6
	MOVOU spaces<>(SB), X7

loop:
	TESTQ CX, CX
	JZ    done
	MASK(48)
	MOVQ  AX, BX
	SHLQ  $16, BX
	MASK(32)
	ORQ   AX, BX
	SHLQ  $16, BX
	MASK(16)
	ORQ   AX, BX
	SHLQ  $16, BX
	MASK(0)
	ORQ   AX, BX
	MOVQ  BX, (DI)
	ADDQ  $8, DI
	ADDQ  $64, SI
	DECQ  CX
	JMP   loop

done:
	RET
