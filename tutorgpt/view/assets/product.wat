;; The product of two matrices, in the text format of WebAssembly.
;;
;;     out[r, c] = a[r, 0] b[0, c] + ... + a[r, k-1] b[k-1, c]
;;                                                  for r < m and c < n
;;
;; A processor has registers of four numbers (v128) and multiplies all four in
;; one go (f32x4.mul). JavaScript cannot ask for that; WebAssembly can.
;;
;; Four rows by eight columns of `out` are summed at a time, in eight
;; registers. At each step p, four numbers of `a` and eight of `b` are fetched
;; and give 32 products; one sum at a time would fetch two numbers for each.
;;
;;              columns  c ... c+3   c+4 ... c+7
;;     row r             $left0      $right0
;;     row r+1           $left1      $right1      += a[row, p] * b[p, columns]
;;     row r+2           $left2      $right2
;;     row r+3           $left3      $right3
;;
;; Columns that are left over go four at a time, then one by one. Where fewer
;; than four rows are left, the last one takes the place of those missing: it
;; is summed more than once, and written more than once with the same numbers.
;;
;; scripts/kernel.py turns this file into bytes and puts them into product.js.
(module
  (import "space" "memory" (memory 0))

  ;; Where the matrices lie is said in bytes; a number has four of them.
  ;; out, a, b: where each begins. outRow, aRow, bRow: from one of its rows to
  ;; the next. aColumn: from one column of `a` to the next, so that `a` may be
  ;; read transposed; the columns of `out` and `b` are neighbours.
  ;; add: the products are added to what stands in `out`.
  (func (export "multiply")
    (param $out i32) (param $outRow i32)
    (param $a i32) (param $aRow i32) (param $aColumn i32)
    (param $b i32) (param $bRow i32)
    (param $m i32) (param $n i32) (param $k i32) (param $add i32)

    (local $a1 i32) (local $a2 i32) (local $a3 i32)    ;; a's four rows: $a, these
    (local $columns i32)                               ;; still to do in these rows
    (local $at0 i32) (local $at1 i32) (local $at2 i32) (local $at3 i32) ;; in `out`
    (local $below i32)                                 ;; the same columns in `b`
    (local $p0 i32) (local $p1 i32) (local $p2 i32) (local $p3 i32) ;; step p in `a`
    (local $q i32)                                     ;; step p in `b`
    (local $steps i32)                                 ;; still to do in these sums
    (local $left0 v128) (local $left1 v128) (local $left2 v128) (local $left3 v128)
    (local $right0 v128) (local $right1 v128) (local $right2 v128) (local $right3 v128)
    (local $number v128) (local $bLeft v128) (local $bRight v128)
    (local $zero v128)                                 ;; never set: four zeros

    (block $done (loop $rows
      (br_if $done (i32.le_s (local.get $m) (i32.const 0)))
      ;; A row that is there lies one row further than the one before; one that
      ;; is missing lies no further (a comparison is 1 or 0).
      (local.set $a1 (i32.add (local.get $a) (i32.mul (local.get $aRow) (i32.gt_s (local.get $m) (i32.const 1)))))
      (local.set $a2 (i32.add (local.get $a1) (i32.mul (local.get $aRow) (i32.gt_s (local.get $m) (i32.const 2)))))
      (local.set $a3 (i32.add (local.get $a2) (i32.mul (local.get $aRow) (i32.gt_s (local.get $m) (i32.const 3)))))
      (local.set $at0 (local.get $out))
      (local.set $at1 (i32.add (local.get $at0) (i32.mul (local.get $outRow) (i32.gt_s (local.get $m) (i32.const 1)))))
      (local.set $at2 (i32.add (local.get $at1) (i32.mul (local.get $outRow) (i32.gt_s (local.get $m) (i32.const 2)))))
      (local.set $at3 (i32.add (local.get $at2) (i32.mul (local.get $outRow) (i32.gt_s (local.get $m) (i32.const 3)))))
      (local.set $below (local.get $b))
      (local.set $columns (local.get $n))

      ;; ------------------------------------------------ eight columns at a time
      (block $few (loop $eight
        (br_if $few (i32.lt_s (local.get $columns) (i32.const 8)))
        (if (local.get $add)
          (then
            (local.set $left0 (v128.load (local.get $at0))) (local.set $right0 (v128.load offset=16 (local.get $at0)))
            (local.set $left1 (v128.load (local.get $at1))) (local.set $right1 (v128.load offset=16 (local.get $at1)))
            (local.set $left2 (v128.load (local.get $at2))) (local.set $right2 (v128.load offset=16 (local.get $at2)))
            (local.set $left3 (v128.load (local.get $at3))) (local.set $right3 (v128.load offset=16 (local.get $at3))))
          (else
            (local.set $left0 (local.get $zero)) (local.set $right0 (local.get $zero))
            (local.set $left1 (local.get $zero)) (local.set $right1 (local.get $zero))
            (local.set $left2 (local.get $zero)) (local.set $right2 (local.get $zero))
            (local.set $left3 (local.get $zero)) (local.set $right3 (local.get $zero))))
        (local.set $p0 (local.get $a)) (local.set $p1 (local.get $a1))
        (local.set $p2 (local.get $a2)) (local.set $p3 (local.get $a3))
        (local.set $q (local.get $below))
        (local.set $steps (local.get $k))
        (block $summed (loop $step
          (br_if $summed (i32.le_s (local.get $steps) (i32.const 0)))
          (local.set $bLeft (v128.load (local.get $q)))
          (local.set $bRight (v128.load offset=16 (local.get $q)))
          (local.set $number (v128.load32_splat (local.get $p0))) ;; a[row, p], four times
          (local.set $left0 (f32x4.add (local.get $left0) (f32x4.mul (local.get $number) (local.get $bLeft))))
          (local.set $right0 (f32x4.add (local.get $right0) (f32x4.mul (local.get $number) (local.get $bRight))))
          (local.set $number (v128.load32_splat (local.get $p1)))
          (local.set $left1 (f32x4.add (local.get $left1) (f32x4.mul (local.get $number) (local.get $bLeft))))
          (local.set $right1 (f32x4.add (local.get $right1) (f32x4.mul (local.get $number) (local.get $bRight))))
          (local.set $number (v128.load32_splat (local.get $p2)))
          (local.set $left2 (f32x4.add (local.get $left2) (f32x4.mul (local.get $number) (local.get $bLeft))))
          (local.set $right2 (f32x4.add (local.get $right2) (f32x4.mul (local.get $number) (local.get $bRight))))
          (local.set $number (v128.load32_splat (local.get $p3)))
          (local.set $left3 (f32x4.add (local.get $left3) (f32x4.mul (local.get $number) (local.get $bLeft))))
          (local.set $right3 (f32x4.add (local.get $right3) (f32x4.mul (local.get $number) (local.get $bRight))))
          (local.set $p0 (i32.add (local.get $p0) (local.get $aColumn)))
          (local.set $p1 (i32.add (local.get $p1) (local.get $aColumn)))
          (local.set $p2 (i32.add (local.get $p2) (local.get $aColumn)))
          (local.set $p3 (i32.add (local.get $p3) (local.get $aColumn)))
          (local.set $q (i32.add (local.get $q) (local.get $bRow)))
          (local.set $steps (i32.sub (local.get $steps) (i32.const 1)))
          (br $step)))
        (v128.store (local.get $at0) (local.get $left0)) (v128.store offset=16 (local.get $at0) (local.get $right0))
        (v128.store (local.get $at1) (local.get $left1)) (v128.store offset=16 (local.get $at1) (local.get $right1))
        (v128.store (local.get $at2) (local.get $left2)) (v128.store offset=16 (local.get $at2) (local.get $right2))
        (v128.store (local.get $at3) (local.get $left3)) (v128.store offset=16 (local.get $at3) (local.get $right3))
        (local.set $at0 (i32.add (local.get $at0) (i32.const 32)))
        (local.set $at1 (i32.add (local.get $at1) (i32.const 32)))
        (local.set $at2 (i32.add (local.get $at2) (i32.const 32)))
        (local.set $at3 (i32.add (local.get $at3) (i32.const 32)))
        (local.set $below (i32.add (local.get $below) (i32.const 32)))
        (local.set $columns (i32.sub (local.get $columns) (i32.const 8)))
        (br $eight)))

      ;; ---------------------------------------------- four columns at a time
      (if (i32.ge_s (local.get $columns) (i32.const 4)) (then
        (if (local.get $add)
          (then
            (local.set $left0 (v128.load (local.get $at0))) (local.set $left1 (v128.load (local.get $at1)))
            (local.set $left2 (v128.load (local.get $at2))) (local.set $left3 (v128.load (local.get $at3))))
          (else
            (local.set $left0 (local.get $zero)) (local.set $left1 (local.get $zero))
            (local.set $left2 (local.get $zero)) (local.set $left3 (local.get $zero))))
        (local.set $p0 (local.get $a)) (local.set $p1 (local.get $a1))
        (local.set $p2 (local.get $a2)) (local.set $p3 (local.get $a3))
        (local.set $q (local.get $below))
        (local.set $steps (local.get $k))
        (block $summed (loop $step
          (br_if $summed (i32.le_s (local.get $steps) (i32.const 0)))
          (local.set $bLeft (v128.load (local.get $q)))
          (local.set $left0 (f32x4.add (local.get $left0) (f32x4.mul (v128.load32_splat (local.get $p0)) (local.get $bLeft))))
          (local.set $left1 (f32x4.add (local.get $left1) (f32x4.mul (v128.load32_splat (local.get $p1)) (local.get $bLeft))))
          (local.set $left2 (f32x4.add (local.get $left2) (f32x4.mul (v128.load32_splat (local.get $p2)) (local.get $bLeft))))
          (local.set $left3 (f32x4.add (local.get $left3) (f32x4.mul (v128.load32_splat (local.get $p3)) (local.get $bLeft))))
          (local.set $p0 (i32.add (local.get $p0) (local.get $aColumn)))
          (local.set $p1 (i32.add (local.get $p1) (local.get $aColumn)))
          (local.set $p2 (i32.add (local.get $p2) (local.get $aColumn)))
          (local.set $p3 (i32.add (local.get $p3) (local.get $aColumn)))
          (local.set $q (i32.add (local.get $q) (local.get $bRow)))
          (local.set $steps (i32.sub (local.get $steps) (i32.const 1)))
          (br $step)))
        (v128.store (local.get $at0) (local.get $left0)) (v128.store (local.get $at1) (local.get $left1))
        (v128.store (local.get $at2) (local.get $left2)) (v128.store (local.get $at3) (local.get $left3))
        (local.set $at0 (i32.add (local.get $at0) (i32.const 16)))
        (local.set $at1 (i32.add (local.get $at1) (i32.const 16)))
        (local.set $at2 (i32.add (local.get $at2) (i32.const 16)))
        (local.set $at3 (i32.add (local.get $at3) (i32.const 16)))
        (local.set $below (i32.add (local.get $below) (i32.const 16)))
        (local.set $columns (i32.sub (local.get $columns) (i32.const 4)))))

      ;; --------------------------- one column at a time: the first of four lanes
      (block $none (loop $one
        (br_if $none (i32.le_s (local.get $columns) (i32.const 0)))
        (if (local.get $add)
          (then
            (local.set $left0 (v128.load32_zero (local.get $at0))) (local.set $left1 (v128.load32_zero (local.get $at1)))
            (local.set $left2 (v128.load32_zero (local.get $at2))) (local.set $left3 (v128.load32_zero (local.get $at3))))
          (else
            (local.set $left0 (local.get $zero)) (local.set $left1 (local.get $zero))
            (local.set $left2 (local.get $zero)) (local.set $left3 (local.get $zero))))
        (local.set $p0 (local.get $a)) (local.set $p1 (local.get $a1))
        (local.set $p2 (local.get $a2)) (local.set $p3 (local.get $a3))
        (local.set $q (local.get $below))
        (local.set $steps (local.get $k))
        (block $summed (loop $step
          (br_if $summed (i32.le_s (local.get $steps) (i32.const 0)))
          (local.set $bLeft (v128.load32_zero (local.get $q)))
          (local.set $left0 (f32x4.add (local.get $left0) (f32x4.mul (v128.load32_zero (local.get $p0)) (local.get $bLeft))))
          (local.set $left1 (f32x4.add (local.get $left1) (f32x4.mul (v128.load32_zero (local.get $p1)) (local.get $bLeft))))
          (local.set $left2 (f32x4.add (local.get $left2) (f32x4.mul (v128.load32_zero (local.get $p2)) (local.get $bLeft))))
          (local.set $left3 (f32x4.add (local.get $left3) (f32x4.mul (v128.load32_zero (local.get $p3)) (local.get $bLeft))))
          (local.set $p0 (i32.add (local.get $p0) (local.get $aColumn)))
          (local.set $p1 (i32.add (local.get $p1) (local.get $aColumn)))
          (local.set $p2 (i32.add (local.get $p2) (local.get $aColumn)))
          (local.set $p3 (i32.add (local.get $p3) (local.get $aColumn)))
          (local.set $q (i32.add (local.get $q) (local.get $bRow)))
          (local.set $steps (i32.sub (local.get $steps) (i32.const 1)))
          (br $step)))
        (v128.store32_lane 0 (local.get $at0) (local.get $left0)) (v128.store32_lane 0 (local.get $at1) (local.get $left1))
        (v128.store32_lane 0 (local.get $at2) (local.get $left2)) (v128.store32_lane 0 (local.get $at3) (local.get $left3))
        (local.set $at0 (i32.add (local.get $at0) (i32.const 4)))
        (local.set $at1 (i32.add (local.get $at1) (i32.const 4)))
        (local.set $at2 (i32.add (local.get $at2) (i32.const 4)))
        (local.set $at3 (i32.add (local.get $at3) (i32.const 4)))
        (local.set $below (i32.add (local.get $below) (i32.const 4)))
        (local.set $columns (i32.sub (local.get $columns) (i32.const 1)))
        (br $one)))

      (local.set $a (i32.add (local.get $a) (i32.mul (local.get $aRow) (i32.const 4))))
      (local.set $out (i32.add (local.get $out) (i32.mul (local.get $outRow) (i32.const 4))))
      (local.set $m (i32.sub (local.get $m) (i32.const 4)))
      (br $rows)))))
