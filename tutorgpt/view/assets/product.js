/* One block of memory for all numbers, and the product of matrices over it.

   Nearly all of a model's arithmetic is matrix products. WebAssembly makes
   them some ten times as fast as JavaScript, and sees one memory only: so all
   numbers lie in one memory, here or there.

   This file also runs in a worker. It needs nothing from a page. */
(function (root) {
  "use strict";

  /* product.wat in bytes, as base64: scripts/kernel.py writes this line. */
  const KERNEL = "AGFzbQEAAAABDwFgC39/f39/f39/f39/AAIRAQVzcGFjZQZtZW1vcnkCAAADAgEABwwBCG11bHRpcGx5AAAKugkBtwkCD38MewJAA0AgB0EATA0BIAIgAyAHQQFKbGohCyALIAMgB0ECSmxqIQwgDCADIAdBA0psaiENIAAhDyAPIAEgB0EBSmxqIRAgECABIAdBAkpsaiERIBEgASAHQQNKbGohEiAFIRMgCCEOAkADQCAOQQhIDQEgCgRAIA/9AAQAIRogD/0ABBAhHiAQ/QAEACEbIBD9AAQQIR8gEf0ABAAhHCAR/QAEECEgIBL9AAQAIR0gEv0ABBAhIQUgJSEaICUhHiAlIRsgJSEfICUhHCAlISAgJSEdICUhIQsgAiEUIAshFSAMIRYgDSEXIBMhGCAJIRkCQANAIBlBAEwNASAY/QAEACEjIBj9AAQQISQgFP0JAgAhIiAaICIgI/3mAf3kASEaIB4gIiAk/eYB/eQBIR4gFf0JAgAhIiAbICIgI/3mAf3kASEbIB8gIiAk/eYB/eQBIR8gFv0JAgAhIiAcICIgI/3mAf3kASEcICAgIiAk/eYB/eQBISAgF/0JAgAhIiAdICIgI/3mAf3kASEdICEgIiAk/eYB/eQBISEgFCAEaiEUIBUgBGohFSAWIARqIRYgFyAEaiEXIBggBmohGCAZQQFrIRkMAAsLIA8gGv0LBAAgDyAe/QsEECAQIBv9CwQAIBAgH/0LBBAgESAc/QsEACARICD9CwQQIBIgHf0LBAAgEiAh/QsEECAPQSBqIQ8gEEEgaiEQIBFBIGohESASQSBqIRIgE0EgaiETIA5BCGshDgwACwsgDkEETgRAIAoEQCAP/QAEACEaIBD9AAQAIRsgEf0ABAAhHCAS/QAEACEdBSAlIRogJSEbICUhHCAlIR0LIAIhFCALIRUgDCEWIA0hFyATIRggCSEZAkADQCAZQQBMDQEgGP0ABAAhIyAaIBT9CQIAICP95gH95AEhGiAbIBX9CQIAICP95gH95AEhGyAcIBb9CQIAICP95gH95AEhHCAdIBf9CQIAICP95gH95AEhHSAUIARqIRQgFSAEaiEVIBYgBGohFiAXIARqIRcgGCAGaiEYIBlBAWshGQwACwsgDyAa/QsEACAQIBv9CwQAIBEgHP0LBAAgEiAd/QsEACAPQRBqIQ8gEEEQaiEQIBFBEGohESASQRBqIRIgE0EQaiETIA5BBGshDgsCQANAIA5BAEwNASAKBEAgD/1cAgAhGiAQ/VwCACEbIBH9XAIAIRwgEv1cAgAhHQUgJSEaICUhGyAlIRwgJSEdCyACIRQgCyEVIAwhFiANIRcgEyEYIAkhGQJAA0AgGUEATA0BIBj9XAIAISMgGiAU/VwCACAj/eYB/eQBIRogGyAV/VwCACAj/eYB/eQBIRsgHCAW/VwCACAj/eYB/eQBIRwgHSAX/VwCACAj/eYB/eQBIR0gFCAEaiEUIBUgBGohFSAWIARqIRYgFyAEaiEXIBggBmohGCAZQQFrIRkMAAsLIA8gGv1aAgAAIBAgG/1aAgAAIBEgHP1aAgAAIBIgHf1aAgAAIA9BBGohDyAQQQRqIRAgEUEEaiERIBJBBGohEiATQQRqIRMgDkEBayEODAALCyACIANBBGxqIQIgACABQQRsaiEAIAdBBGshBwwACwsLALYCBG5hbWUC3AEBACYAA291dAEGb3V0Um93AgFhAwRhUm93BAdhQ29sdW1uBQFiBgRiUm93BwFtCAFuCQFrCgNhZGQLAmExDAJhMg0CYTMOB2NvbHVtbnMPA2F0MBADYXQxEQNhdDISA2F0MxMFYmVsb3cUAnAwFQJwMRYCcDIXAnAzGAFxGQVzdGVwcxoFbGVmdDAbBWxlZnQxHAVsZWZ0Mh0FbGVmdDMeBnJpZ2h0MB8GcmlnaHQxIAZyaWdodDIhBnJpZ2h0MyIGbnVtYmVyIwViTGVmdCQGYlJpZ2h0JQR6ZXJvA1ABAAwABGRvbmUBBHJvd3MCA2ZldwMFZWlnaHQFBnN1bW1lZAYEc3RlcAkGc3VtbWVkCgRzdGVwCwRub25lDANvbmUOBnN1bW1lZA8Ec3RlcA==";

  const BYTES = 4; // of a number: float32
  const PAGE = 65536; // bytes: WebAssembly counts its memory in pages
  const ALIGNED = 4; // numbers: every array begins at a multiple of 16 bytes

  /* The compiled kernel; null where the browser has no WebAssembly, forbids
     it, or its WebAssembly has no registers of four numbers. */
  let compiled;
  function kernel() {
    if (compiled === undefined)
      try {
        compiled = new WebAssembly.Module(Uint8Array.from(atob(KERNEL), (sign) => sign.charCodeAt(0)));
      } catch {
        compiled = null;
      }
    return compiled;
  }

  class Space {
    /* Room for so many numbers. simd: with the kernel, if there is one. */
    constructor(floats, { simd = true } = {}) {
      const module = simd ? kernel() : null;
      this.simd = module !== null;
      this.taken = 0; // numbers, counted from the beginning
      try {
        if (this.simd) {
          const pages = Math.ceil((floats * BYTES) / PAGE);
          const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
          this.buffer = memory.buffer;
          this.product = new WebAssembly.Instance(module, { space: { memory } }).exports.multiply;
        } else this.buffer = new ArrayBuffer(floats * BYTES);
      } catch {
        throw new RangeError(`the browser gives no room for ${floats} numbers (${Math.ceil((floats * BYTES) / 1e6)} MB): `
          + "choose a smaller model or shorter windows, or close other pages");
      }
      this.size = floats;
    }

    /* An array of n zeros; without `zeros`, of whatever was there before. */
    take(n, zeros = true) {
      const end = this.taken + Math.ceil(n / ALIGNED) * ALIGNED;
      if (this.taken + n > this.size)
        throw new Error(`of ${this.size} numbers ${this.size - this.taken} are left, and ${n} are asked for: reserve a larger space`);
      const array = new Float32Array(this.buffer, this.taken * BYTES, n);
      this.taken = end;
      return zeros ? array.fill(0) : array;
    }

    /* What is taken after a mark is given back together, by releasing it. */
    mark() {
      return this.taken;
    }

    release(mark) {
      this.taken = mark;
    }

    /* out[r, c] = Σ a[r, p] · b[p, c] over p < k, for r < m and c < n, where
         out[r, c] is out[o + r * oRow + c],
         a[r, p] is a[i + r * aRow + p * aColumn]: transposed with aRow = 1,
         b[p, c] is b[j + p * bRow + c].
       add: the products are added to what is in out. The three are arrays of
       this space, and nothing of out lies in a or b. */
    multiply(out, o, oRow, a, i, aRow, aColumn, b, j, bRow, m, n, k, add) {
      if (this.simd)
        this.product(
          out.byteOffset + o * BYTES, oRow * BYTES,
          a.byteOffset + i * BYTES, aRow * BYTES, aColumn * BYTES,
          b.byteOffset + j * BYTES, bRow * BYTES,
          m, n, k, add,
        );
      else plainProduct(out, o, oRow, a, i, aRow, aColumn, b, j, bRow, m, n, k, add);
    }
  }

  /* The same in plain JavaScript. Four rows and four columns go side by side:
     eight numbers are fetched for sixteen products, where one sum at a time
     would fetch thirty-two. At an edge the last row or column takes the place
     of those that are missing: the same sum, written more than once. */
  function plainProduct(out, o, oRow, a, i, aRow, aColumn, b, j, bRow, m, n, k, add) {
    for (let r = 0; r < m; r += 4) {
      const r1 = Math.min(r + 1, m - 1), r2 = Math.min(r + 2, m - 1), r3 = Math.min(r + 3, m - 1);
      const at0 = o + r * oRow, at1 = o + r1 * oRow, at2 = o + r2 * oRow, at3 = o + r3 * oRow;
      for (let c = 0; c < n; c += 4) {
        const c1 = Math.min(c + 1, n - 1), c2 = Math.min(c + 2, n - 1), c3 = Math.min(c + 3, n - 1);
        let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0;
        let s20 = 0, s21 = 0, s22 = 0, s23 = 0, s30 = 0, s31 = 0, s32 = 0, s33 = 0;
        if (add) {
          s00 = out[at0 + c], s01 = out[at0 + c1], s02 = out[at0 + c2], s03 = out[at0 + c3];
          s10 = out[at1 + c], s11 = out[at1 + c1], s12 = out[at1 + c2], s13 = out[at1 + c3];
          s20 = out[at2 + c], s21 = out[at2 + c1], s22 = out[at2 + c2], s23 = out[at2 + c3];
          s30 = out[at3 + c], s31 = out[at3 + c1], s32 = out[at3 + c2], s33 = out[at3 + c3];
        }
        for (let p = 0, x = i, y = j; p < k; p++, x += aColumn, y += bRow) {
          const a0 = a[x + r * aRow], a1 = a[x + r1 * aRow], a2 = a[x + r2 * aRow], a3 = a[x + r3 * aRow];
          const b0 = b[y + c], b1 = b[y + c1], b2 = b[y + c2], b3 = b[y + c3];
          s00 += a0 * b0, s01 += a0 * b1, s02 += a0 * b2, s03 += a0 * b3;
          s10 += a1 * b0, s11 += a1 * b1, s12 += a1 * b2, s13 += a1 * b3;
          s20 += a2 * b0, s21 += a2 * b1, s22 += a2 * b2, s23 += a2 * b3;
          s30 += a3 * b0, s31 += a3 * b1, s32 += a3 * b2, s33 += a3 * b3;
        }
        out[at0 + c] = s00, out[at0 + c1] = s01, out[at0 + c2] = s02, out[at0 + c3] = s03;
        out[at1 + c] = s10, out[at1 + c1] = s11, out[at1 + c2] = s12, out[at1 + c3] = s13;
        out[at2 + c] = s20, out[at2 + c1] = s21, out[at2 + c2] = s22, out[at2 + c3] = s23;
        out[at3 + c] = s30, out[at3 + c1] = s31, out[at3 + c2] = s32, out[at3 + c3] = s33;
      }
    }
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { Space });
})(globalThis);
