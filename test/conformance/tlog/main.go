// Command tlog verifies a mirror of a log and proofs of its server with the packages of Go's checksum database, which
// know nothing of Isocenter. It reads a Request as JSON and prints how many entries and proofs it verified.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type request struct {
	// Folder of the mirror.
	Mirror string `json:"mirror"`
	// The verifier key of the log.
	Key string `json:"key"`
	// Checkpoints that were seen before, the oldest first; the last is that of the mirror.
	Checkpoints []string      `json:"checkpoints"`
	Inclusion   []inclusion   `json:"inclusion"`
	Consistency []consistency `json:"consistency"`
}

type inclusion struct {
	Leaf   int64    `json:"leaf"`
	Size   int64    `json:"size"`
	Hashes [][]byte `json:"hashes"`
}

type consistency struct {
	From   int64    `json:"from"`
	To     int64    `json:"to"`
	Hashes [][]byte `json:"hashes"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var asked request
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		return err
	}
	verifier, err := note.NewVerifier(asked.Key)
	if err != nil {
		return fmt.Errorf("the key: %w", err)
	}
	trees := map[int64]tlog.Hash{}
	var last tlog.Tree
	for _, checkpoint := range asked.Checkpoints {
		if last, err = openCheckpoint(checkpoint, verifier); err != nil {
			return err
		}
		trees[last.N] = last.Hash
	}
	if err := verifyEntries(asked.Mirror, last); err != nil {
		return err
	}
	if err := verifyProofs(asked, trees, last); err != nil {
		return err
	}
	fmt.Printf("%d entries, %d proofs\n", last.N, len(asked.Inclusion)+len(asked.Consistency))
	return nil
}

// openCheckpoint reads a C2SP checkpoint: tlog.ParseTree wants the first line of Go's own database.
func openCheckpoint(text string, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("the checkpoint: %w", err)
	}
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("the checkpoint is of %q", origin)
	}
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest))
}

// verifyEntries reads every entry and asks for its hash through tlog's reader, which authenticates each tile.
func verifyEntries(mirror string, tree tlog.Tree) error {
	reader := tlog.TileHashReader(tree, &tiles{mirror})
	for first := int64(0); first < tree.N; first += 256 {
		width := min(256, tree.N-first)
		entries, err := readBundle(mirror, first/256, int(width))
		if err != nil {
			return err
		}
		indexes := make([]int64, len(entries))
		for i := range entries {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			if tlog.RecordHash(entry) != hashes[i] {
				return fmt.Errorf("entry %d is not the one of the tree", first+int64(i))
			}
		}
	}
	return nil
}

func verifyProofs(asked request, trees map[int64]tlog.Hash, last tlog.Tree) error {
	reader := tlog.TileHashReader(last, &tiles{asked.Mirror})
	for _, proof := range asked.Inclusion {
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, proof.Leaf)})
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(toHashes(proof.Hashes), proof.Size, trees[proof.Size], proof.Leaf, hashes[0]); err != nil {
			return fmt.Errorf("the proof of entry %d in %d: %w", proof.Leaf, proof.Size, err)
		}
	}
	for _, proof := range asked.Consistency {
		if err := tlog.CheckTree(toHashes(proof.Hashes), proof.To, trees[proof.To], proof.From, trees[proof.From]); err != nil {
			return fmt.Errorf("the proof from %d to %d: %w", proof.From, proof.To, err)
		}
	}
	return nil
}

func toHashes(all [][]byte) []tlog.Hash {
	hashes := make([]tlog.Hash, len(all))
	for i, bytes := range all {
		copy(hashes[i][:], bytes)
	}
	return hashes
}

// readBundle reads an entry bundle of C2SP tlog-tiles.
func readBundle(mirror string, index int64, width int) ([][]byte, error) {
	path := strings.Replace(pathOf(tlog.Tile{H: 8, L: 0, N: index, W: width}), "tile/0/", "tile/entries/", 1)
	bundle, err := os.ReadFile(filepath.Join(mirror, path))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(bundle) > 0 {
		length := int(binary.BigEndian.Uint16(bundle))
		entries = append(entries, bundle[2:2+length])
		bundle = bundle[2+length:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%s has %d entries and not %d", path, len(entries), width)
	}
	return entries, nil
}

// tiles reads hash tiles from the mirror; C2SP leaves out the height that Go's paths have.
type tiles struct{ mirror string }

func (*tiles) Height() int { return 8 }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(wanted))
	for i, tile := range wanted {
		bytes, err := os.ReadFile(filepath.Join(t.mirror, pathOf(tile)))
		if err != nil {
			return nil, err
		}
		all[i] = bytes
	}
	return all, nil
}

func (*tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func pathOf(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}
