package cli

import "testing"

// Each kind of file is known by its first bytes, whichever of them is damaged,
// and where the file breaks off among them.
func TestAFileIsKnownThroughDamage(t *testing.T) {
	for _, m := range marks {
		file := []byte(m.text + "1\nand so on")
		for i := range m.text {
			for _, flip := range []byte{0x01, 0x20, 0x80, 0xff} {
				file[i] ^= flip
				if got := kindOf(file); got != m.kind {
					t.Errorf("%q is %q, want %q", file, got, m.kind)
				}
				file[i] ^= flip
			}
		}
	}
	for cut := markCut; cut <= len("tenderbook/journal/"); cut++ {
		if got := kindOf([]byte("tenderbook/journal/")[:cut]); got == unknown {
			t.Errorf("a checkpoint of %d bytes is not known as ours", cut)
		}
	}
	receipt := []byte(`{"offer": "O-1", "seq": 7, "at": "2004-11-01T15:00:00Z", "hash": "5f", "body": "a0"}`)
	for i := range receipt {
		receipt[i] ^= 0x04
		if got := kindOf(receipt); got != aReceipt {
			t.Errorf("%q is %q, want a receipt", receipt, got)
		}
		receipt[i] ^= 0x04
	}
}

func TestWhatIsNothingOfOursIsNotTakenForIt(t *testing.T) {
	for _, text := range []string{
		"", "{", "{}", "tender", "tenderbook", "what is this", "tenderbook: 1\noffer: LVLT-2004\n",
		"{\n \"format\": \"another format 1\",\n", `{"offer": "O-1", "hash": "5f"}`,
		"instruction,series,principal,received_at\nI-1,11,1000,2004-11-01T15:00:00Z\n", "agent.example+8c1ac4b2+AZ\n",
	} {
		want := unknown
		if text == "tenderbook" { // a file of ours may break off there
			want = aBundle
		}
		if got := kindOf([]byte(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
