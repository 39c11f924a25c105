package archive

import (
	"bytes"
	"errors"
	"io"

	"filippo.io/age"
)

const (
	// workFactor is the cost of trying a passphrase: scrypt with N = 2^17 takes
	// 128 MiB for a moment, which a small server has.
	workFactor = 17
	// mostWork is the highest cost accepted when opening: 256 MiB, what the age
	// program itself asks for when it locks a file.
	mostWork = 18
)

// ageHeader begins every file of the age format.
const ageHeader = "age-encryption.org/v1\n"

// Lock encrypts what is written with a passphrase, in the age format. The caller
// closes it.
func Lock(w io.Writer, passphrase string) (io.WriteCloser, error) {
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(workFactor)
	return age.Encrypt(w, recipient)
}

// Locked says whether a file begins as one of the age format does.
func Locked(r io.ReaderAt) bool {
	begin := make([]byte, len(ageHeader))
	_, err := r.ReadAt(begin, 0)
	return err == nil && bytes.Equal(begin, []byte(ageHeader))
}

// ErrPassphrase says that a passphrase does not open a file.
var ErrPassphrase = errors.New("archive: the passphrase does not fit")

// Unlock decrypts a file with a passphrase.
func Unlock(r io.Reader, passphrase string) (io.Reader, error) {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, err
	}
	identity.SetMaxWorkFactor(mostWork)
	out, err := age.Decrypt(r, identity)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) || errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, ErrPassphrase
	}
	return out, err
}
