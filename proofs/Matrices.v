(* The theorems about letters, said of matrices, so that none of them is about nothing.

   A state has n entries, a parameter p: b_t and a_t are n × p, c_t is n × n, g_t and δ_t are columns (or several columns
   side by side).  δ_{t+1} c_{t+1} of the row form is c_{t+1}ᵀ δ_{t+1} here, as it is printed. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Bptt Require Import Rtrl Artbp Variance.
Import GRing.Theory.
Set Implicit Arguments.
Unset Strict Implicit.
Local Open Scope ring_scope.

Lemma from_le (m t n : nat) : le m t /\ le t n -> (m <= t <= n)%N.
Proof. by case=> /leP -> /leP ->. Qed.
Lemma from_lt (m t n : nat) : le m t /\ lt t n -> (m <= t < n)%N.
Proof. by case=> /leP -> /ltP ->. Qed.
Lemma to_le (m t n : nat) : (m <= t <= n)%N -> le m t /\ le t n.
Proof. by case/andP=> /leP ? /leP. Qed.

Lemma sub_one (t : nat) : Nat.sub t 1 = t.-1.
Proof. exact: subn1. Qed.

(* Matrices as letters *)

Definition group_sums (V : zmodType) : sums := @Sums V 0 +%R (@addrA V) (@addrC V) (@add0r V).

Lemma add_up_big (V : zmodType) (m k : nat) (f : nat -> V) :
  add_up (V := group_sums V) m k f = \sum_(m <= i < m + k) f i.
Proof.
  elim: k => [|k IH] /=; first by rewrite addn0 big_geq.
  by rewrite IH addnS big_nat_recr ?leq_addr.
Qed.

Lemma sum_big (V : zmodType) (m n : nat) (f : nat -> V) :
  sum (V := group_sums V) m n f = \sum_(m <= i < n.+1) f i.
Proof.
  rewrite (_ : sum (V := group_sums V) m n f = add_up (V := group_sums V) m (n.+1 - m)%N f) // add_up_big.
  case: (leqP m n.+1) => [/subnKC -> // | /ltnW less].
  by rewrite (eqP less) addn0 !big_geq.
Qed.

Section Letters.
Variables (F : comRingType) (n : nat).

Canonical square : factors := @Factors 'M[F]_n 1%:M mulmx (@mulmxA F n n n n) (@mul1mx F n n) (@mulmx1 F n n).

Variables (m p : nat).

Definition states : acted_on square :=
  @ActedOn square (group_sums [zmodType of 'M[F]_(n, p)]) mulmx (@mul1mx F n p)
    (fun x y u => esym (mulmxA x y u)) (@mulmxDr F n n p) (@mulmx0 F n n p).

Lemma transposed_mul (g : 'M[F]_(n, m)) (x y : 'M[F]_n) : (x *m y)^T *m g = y^T *m (x^T *m g).
Proof. by rewrite trmx_mul mulmxA. Qed.
Lemma transposed_unit (g : 'M[F]_(n, m)) : (1%:M)^T *m g = g.
Proof. by rewrite trmx1 mul1mx. Qed.

Definition seeds : rows square :=
  @Rows square (group_sums [zmodType of 'M[F]_(n, m)]) (fun g x => x^T *m g) transposed_unit transposed_mul
    (fun g h x => mulmxDr x^T g h) (fun x => mulmx0 _ x^T).

Definition times_term (g : 'M[F]_(n, m)) (u : 'M[F]_(n, p)) : 'M[F]_(m, p) := g^T *m u.

Definition inner : pairing square seeds states (group_sums [zmodType of 'M[F]_(m, p)]).
Proof.
  unshelve refine (@Pairing square seeds states (group_sums _) times_term _ _ _ _ _); rewrite /times_term /=.
  - by move=> g h u; rewrite linearD mulmxDl.
  - by move=> g u v; rewrite mulmxDr.
  - by move=> u; rewrite trmx0 mul0mx.
  - by move=> g; rewrite mulmx0.
  - by move=> g x u; rewrite trmx_mul trmxK mulmxA.
Defined.
End Letters.

Section Theorems.
Variables (F : comRingType) (n m p T : nat).
Variables (a b : nat -> 'M[F]_(n, p)) (c : nat -> 'M[F]_n) (g delta : nat -> 'M[F]_(n, m)).
Let inner := inner F n m p.

Hypothesis recurrence : forall t, (1 <= t <= T)%N -> a t = b t + c t *m a t.-1.

Lemma recurrence_of_letters t : le 1 t /\ le t T -> a t = b t + c t *m a (Nat.sub t 1).
Proof. by move=> /from_le Ht; rewrite recurrence // sub_one. Qed.

(** The expansion with a start, for matrices: a_t = Σ_{i=1}^{t} (c_t ⋯ c_{i+1}) b_i + (c_t ⋯ c_1) a_0. *)
Theorem matrix_expansion_start t : (t <= T)%N ->
  a t = \sum_(1 <= i < t.+1) (∏ j ∈ [i.+1, t], c j) *m b i + (∏ j ∈ [1, t], c j) *m a 0.
Proof.
  move=> Ht.
  have /= -> := @expansion_start _ (states F n p) a b c T recurrence_of_letters t (leP Ht).
  by rewrite sum_big.
Qed.

Hypothesis start : a 0 = 0.

(** The expansion for matrices, of any size and over any commutative ring:
    a_t = b_t + Σ_{i=1}^{t-1} (c_t ⋯ c_{i+1}) b_i when a_0 = 0. *)
Theorem matrix_expansion t : (1 <= t <= T)%N ->
  a t = b t + \sum_(1 <= i < t) (∏ j ∈ [i.+1, t], c j) *m b i.
Proof.
  move=> Ht.
  have /= -> := @expansion _ (states F n p) a b c T recurrence_of_letters start t (to_le Ht).
  by rewrite sum_big sub_one; case: t Ht.
Qed.
End Theorems.
