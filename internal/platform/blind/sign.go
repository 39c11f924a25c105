package blind

import (
	"bytes"

	"filippo.io/bigmod"
)

// power raises a number below the modulus to the private exponent: RSASP1 of RFC 8017,
// section 5.2.1, by the two primes apart, which is three times as fast as by the modulus.
// The arithmetic takes the same time whatever the numbers are. ErrToken stands for a
// number that is not below the modulus.
func (k Key) power(number []byte) ([]byte, error) {
	p, q, with := k.private.Primes[0].Bytes(), k.private.Primes[1].Bytes(), k.private.Precomputed
	whole, err := bigmod.NewModulusProduct(p, q)
	if err != nil {
		return nil, err
	}
	base, err := bigmod.NewNat().SetBytes(number, whole)
	if err != nil {
		return nil, ErrToken
	}
	first, err := bigmod.NewModulus(p)
	if err != nil {
		return nil, err
	}
	second, err := bigmod.NewModulus(q)
	if err != nil {
		return nil, err
	}
	inverse, err := bigmod.NewNat().SetBytes(with.Qinv.Bytes(), first)
	if err != nil {
		return nil, err
	}
	byP := bigmod.NewNat().Exp(bigmod.NewNat().Mod(base, first), with.Dp.FillBytes(make([]byte, len(p))), first)
	byQ := bigmod.NewNat().Exp(bigmod.NewNat().Mod(base, second), with.Dq.FillBytes(make([]byte, len(q))), second)
	// Garner: byQ + q · ((byP − byQ) · q⁻¹ mod p)
	steps := byP.Sub(bigmod.NewNat().Mod(byQ, first), first).Mul(inverse, first)
	size, err := bigmod.NewNat().SetBytes(q, whole)
	if err != nil {
		return nil, err
	}
	out := steps.ExpandFor(whole).Mul(size, whole).Add(byQ.ExpandFor(whole), whole)
	// One of the two halves gone wrong would tell the primes to whoever gets the answer.
	if !bytes.Equal(bigmod.NewNat().ExpShortVarTime(out, uint(k.private.E), whole).Bytes(whole), number) {
		return nil, errFault
	}
	return out.Bytes(whole), nil
}
