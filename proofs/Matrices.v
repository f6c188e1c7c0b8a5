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

(* Numbers of a commutative ring, and how they scale matrices *)
Section Numbers.
Variable F : comRingType.

Canonical numbers_of : numbers :=
  @Numbers (group_sums F) 1 *%R -%R (@mul1r F) (@mulrC F) (@mulrA F) (@mulrDl F) (@addrN F).

#[export] Instance matrix_scaled (m n : nat) : scaled numbers_of (group_sums [zmodType of 'M[F]_(m, n)]) :=
  @Scaled numbers_of (group_sums [zmodType of 'M[F]_(m, n)]) *:%R (@scale1r F _)
    (fun k l u => esym (scalerA k l u)) (fun k l u => scalerDl u k l) (fun k u v => scalerDr k u v)
    (@scale0r F _) (@scaler0 F _).

#[export] Instance matrix_linear_action (n p : nat) : linear_action numbers_of (states F n p).
Proof. by move=> k x u; rewrite /= scalemxAr. Qed.

#[export] Instance matrix_linear_carry (n m : nat) : linear_carry numbers_of (seeds F n m).
Proof. by move=> k g x; rewrite /= scalemxAr. Qed.

#[export] Instance matrix_linear_pairing (n m p : nat) : linear_pairing numbers_of (inner F n m p).
Proof. by split=> k g u; rewrite /= /times_term ?linearZ /= ?scalemxAl ?scalemxAr. Qed.
End Numbers.

Section Theorems.
Variables (F : comRingType) (n m p T : nat).
Variables (a b : nat -> 'M[F]_(n, p)) (c : nat -> 'M[F]_n) (g delta : nat -> 'M[F]_(n, m)).

(** The exchange and the recursion of the adjoint, for matrices:
    Σ_t Σ_{i<=t} g_tᵀ (c_t ⋯ c_{i+1}) b_i = Σ_i δ_iᵀ b_i, where δ_T = g_T and δ_t = g_t + c_{t+1}ᵀ δ_{t+1}. *)
Theorem matrix_double_sum_adjoint :
  delta T = g T ->
  (forall t, (1 <= t < T)%N -> delta t = g t + (c t.+1)^T *m delta t.+1) ->
  \sum_(1 <= t < T.+1) \sum_(1 <= i < t.+1) (g t)^T *m ((∏ j ∈ [i.+1, t], c j) *m b i) =
  \sum_(1 <= i < T.+1) (delta i)^T *m b i.
Proof.
  move=> last recursion.
  have := @double_sum_adjoint _ _ _ _ (inner F n m p) b c g delta T last
    (fun t Ht => recursion t (from_lt Ht)).
  rewrite !sum_big => <-. by apply: eq_bigr => t _; rewrite sum_big.
Qed.

(** The three orders of evaluation, for matrices: one pass forward (RTRL), the written double sum, and one pass backward
    (BPTT) compute the same. *)
Theorem matrix_three_orders :
  let double_sum :=
    \sum_(1 <= t < T.+1) \sum_(1 <= i < t.+1) (g t)^T *m ((∏ j ∈ [i.+1, t], c j) *m b i) in
  snd (one_pass_forward (inner F n m p) b c g T) = double_sum /\
  one_pass_backward (inner F n m p) b c g T = double_sum.
Proof.
  have [] := three_orders (inner F n m p) b c g T.
  rewrite !sum_big => -> -> double_sum.
  by split; apply: eq_bigr => t _; rewrite sum_big.
Qed.

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

(** Backpropagation with a start, for matrices: Σ_t g_tᵀ a_t = Σ_i δ_iᵀ b_i + (c_1ᵀ δ_1)ᵀ a_0. *)
Theorem matrix_adjoint_forward_start :
  delta T = g T ->
  (forall t, (1 <= t < T)%N -> delta t = g t + (c t.+1)^T *m delta t.+1) ->
  (1 <= T)%N ->
  \sum_(1 <= t < T.+1) (g t)^T *m a t =
  \sum_(1 <= i < T.+1) (delta i)^T *m b i + ((c 1)^T *m delta 1)^T *m a 0.
Proof.
  move=> last recursion /leP HT.
  have := @adjoint_forward_start _ _ _ _ (inner F n m p) a b c g delta T recurrence_of_letters last
    (fun t Ht => recursion t (from_lt Ht)) HT.
  by rewrite !sum_big /= /times_term => ->; rewrite trmx_mul trmxK mulmxA.
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

(** Backpropagation is right, for matrices: Σ_t g_tᵀ a_t = Σ_i δ_iᵀ b_i when a_0 = 0. *)
Theorem matrix_adjoint_forward :
  delta T = g T ->
  (forall t, (1 <= t < T)%N -> delta t = g t + (c t.+1)^T *m delta t.+1) ->
  \sum_(1 <= t < T.+1) (g t)^T *m a t = \sum_(1 <= i < T.+1) (delta i)^T *m b i.
Proof.
  move=> last recursion.
  have := @adjoint_forward _ _ _ _ (inner F n m p) a b c g delta T recurrence_of_letters start last
    (fun t Ht => recursion t (from_lt Ht)).
  by rewrite !sum_big.
Qed.
End Theorems.

(* Unbiasedness: with division, so over a field *)
Section Fields.
Variables (F : fieldType) (n m p T : nat).
Variables (a b : nat -> 'M[F]_(n, p)) (c : nat -> 'M[F]_n).
Hypothesis recurrence : forall t, (1 <= t <= T)%N -> a t = b t + c t *m a t.-1.
Hypothesis start : a 0%N = 0.

Let letters := recurrence_of_letters recurrence.

(** Randomised truncation is unbiased, for matrices: with ξ_t = 1/π_t with probability π_t ≠ 0 and else 0, independently,
    the mean of z_t = b_t + ξ_t c_t z_{t-1} is a_t. *)
Theorem matrix_truncation_unbiased (pi : nat -> F) (z : list bool -> nat -> 'M[F]_(n, p)) :
  (forall t, (1 <= t <= T)%N -> pi t != 0) ->
  (forall h, z h 0%N = 0) ->
  (forall h t, (1 <= t <= T)%N ->
    z h t = b t + (if List.nth t.-1 h false then 0 else (pi t)^-1) *: (c t *m z h t.-1)) ->
  forall t, (t <= T)%N -> independent_mean (K := numbers_of F) pi T (fun h => z h t) = a t.
Proof.
  move=> pi0 z0 run t /leP.
  apply: (truncation_unbiased (K := numbers_of F) (M := states F n p) a b c T letters pi (fun t => (pi t)^-1)).
  - by move=> s /from_le Hs; apply: mulVf; exact: pi0.
  - by move=> h; rewrite z0 start.
  - by move=> h s /from_le Hs; rewrite sub_one run.
Qed.

(** ARTBP is unbiased, for matrices, with a chance κ ≠ 1 to cut that may depend on all earlier decisions: the mean of
    Σ_i δ̃_iᵀ b_i is Σ_t g_tᵀ a_t, where δ̃_T = g_T, and δ̃_t is g_t after a cut, else g_t + c_{t+1}ᵀ δ̃_{t+1}/(1−κ). *)
Theorem matrix_artbp_unbiased (g : nat -> 'M[F]_(n, m)) (kappa : list bool -> F)
  (delta : list bool -> nat -> 'M[F]_(n, m)) :
  (forall past, (length past < T.-1)%N -> kappa past != 1) ->
  (forall h, delta h T = g T) ->
  (forall h t, (1 <= t < T)%N ->
    delta h t = if List.nth t.-1 h false then g t
                else g t + (1 - kappa (List.firstn t.-1 h))^-1 *: ((c t.+1)^T *m delta h t.+1)) ->
  mean (K := numbers_of F) kappa T.-1 (fun h => \sum_(1 <= i < T.+1) (delta h i)^T *m b i) =
  \sum_(1 <= t < T.+1) (g t)^T *m a t.
Proof.
  move=> kappa1 last recursion.
  have := artbp_unbiased (numbers_of F) (inner F n m p) a b c g T letters start kappa
    (fun past => (1 - kappa past)^-1) _ delta last _.
  rewrite sum_big sub_one => <- //.
  - by apply: mean_ext => h _; rewrite sum_big.
  - by move=> past /ltP Hp; apply: mulVf; rewrite subr_eq0 eq_sym; exact: kappa1.
  - by move=> h t /from_lt Ht; rewrite sub_one recursion.
Qed.
End Fields.

(* Outer products: from the row form to the gradient of a weight *)
Section Weights.
Variables (F : comRingType) (n q T : nat).

(** The outer product: a row times a weight's change times a column is the inner product of the outer product and the
    change, δᵀ (dW h) = tr((δ hᵀ)ᵀ dW). *)
Theorem outer_product (delta : 'cV[F]_n) (h : 'cV[F]_q) (dW : 'M[F]_(n, q)) :
  \tr (delta^T *m (dW *m h)) = \tr ((delta *m h^T)^T *m dW).
Proof. by rewrite trmx_mul trmxK mulmxA mxtrace_mulC mulmxA. Qed.

Lemma outer_products (k : F) (delta : nat -> 'cV[F]_n) (h : nat -> 'cV[F]_q) (dW : 'M[F]_(n, q)) :
  k * \tr (\sum_(1 <= t < T.+1) (delta t)^T *m (dW *m h t)) =
  \tr ((k *: \sum_(1 <= t < T.+1) delta t *m (h t)^T)^T *m dW).
Proof.
  rewrite linearZ -scalemxAl mxtraceZ; congr (_ * _).
  rewrite !linear_sum mulmx_suml linear_sum; apply: eq_bigr => t _; exact: outer_product.
Qed.

(** The gradient of a weight.  A weight W that enters step t as W x_t, through slopes d_t, has b_t = diag(d_t) dW x_t in
    the direction dW; then (1/T) Σ_t g_tᵀ a_t is the inner product of dW with (1/T) Σ_t (diag(d_t) δ_t) x_tᵀ.
    For x_t = h_{t-1} that is the gradient of W_h, for the input that of W_i, for x_t = 1 that of a bias. *)
Theorem weight_gradient (k : F) (a g delta : nat -> 'cV[F]_n) (c : nat -> 'M[F]_n) (d : nat -> 'rV[F]_n)
  (x : nat -> 'cV[F]_q) (dW : 'M[F]_(n, q)) :
  a 0%N = 0 ->
  (forall t, (1 <= t <= T)%N -> a t = diag_mx (d t) *m (dW *m x t) + c t *m a t.-1) ->
  delta T = g T ->
  (forall t, (1 <= t < T)%N -> delta t = g t + (c t.+1)^T *m delta t.+1) ->
  k * \tr (\sum_(1 <= t < T.+1) (g t)^T *m a t) =
  \tr ((k *: \sum_(1 <= t < T.+1) (diag_mx (d t) *m delta t) *m (x t)^T)^T *m dW).
Proof.
  move=> start recurrence last recursion.
  rewrite (matrix_adjoint_forward recurrence start last recursion) -outer_products.
  congr (_ * \tr _); apply: eq_bigr => t _.
  by rewrite trmx_mul tr_diag_mx !mulmxA.
Qed.

(** The gradient of the start: for a parameter that is h_0 itself, (1/T) Σ_t g_tᵀ (c_t ⋯ c_1) dh is the inner product of dh
    with (1/T) c_1ᵀ δ_1. *)
Theorem start_gradient (k : F) (g delta : nat -> 'cV[F]_n) (c : nat -> 'M[F]_n) (dh : 'cV[F]_n) :
  (1 <= T)%N ->
  delta T = g T ->
  (forall t, (1 <= t < T)%N -> delta t = g t + (c t.+1)^T *m delta t.+1) ->
  k *: (\sum_(1 <= t < T.+1) (g t)^T *m ((∏ j ∈ [1, t], c j) *m dh)) =
  (k *: ((c 1%N)^T *m delta 1%N))^T *m dh.
Proof.
  move=> HT last recursion.
  pose a t := (∏ j ∈ [1, t], c j) *m dh.
  have recurrence t : (1 <= t <= T)%N -> a t = 0 + c t *m a t.-1.
    by case: t => // t _; rewrite add0r /a product_last ?mulmxA //; apply/leP.
  have := matrix_adjoint_forward_start recurrence last recursion HT.
  rewrite [X in X + _]big1 => [|t _]; last by rewrite mulmx0.
  rewrite add0r => ->; rewrite /a product_empty ?mul1mx; last by apply/ltP.
  by rewrite linearZ /= -scalemxAl.
Qed.

(** The gradient of the readout: s_t = W_o h_t + b_o enters the loss directly, so that for the errors s̄_t at the output
    (1/T) Σ_t s̄_tᵀ (dW h_t) is the inner product of dW with (1/T) Σ_t s̄_t h_tᵀ. *)
Theorem readout_gradient (k : F) (s : nat -> 'cV[F]_n) (h : nat -> 'cV[F]_q) (dW : 'M[F]_(n, q)) :
  k * \tr (\sum_(1 <= t < T.+1) (s t)^T *m (dW *m h t)) =
  \tr ((k *: \sum_(1 <= t < T.+1) s t *m (h t)^T)^T *m dW).
Proof. exact: outer_products. Qed.

End Weights.

Section Seed.
Variables (F : fieldType) (q : nat).

(** Softmax and cross-entropy cancel: with the errors −y_k/o_k at the output, o_k ō_k − o_k Σ_l o_l ō_l is
    o_k Σ_l y_l − y_k. *)
Theorem seed_cancels (o y : 'cV[F]_q) : (forall k, o k 0 != 0) ->
  let error k := - y k 0 / o k 0 in
  forall k, o k 0 * error k - o k 0 * (\sum_l o l 0 * error l) = o k 0 * (\sum_l y l 0) - y k 0.
Proof.
  move=> o0 error k.
  have cancel l : o l 0 * error l = - y l 0 by rewrite /error mulrC divfK.
  by rewrite cancel (eq_bigr _ (fun l _ => cancel l)) sumrN mulrN opprK addrC.
Qed.

(** Where the target sums to one, what remains is o_k − y_k. *)
Theorem seed_shortcut (o y : 'cV[F]_q) : (forall k, o k 0 != 0) -> \sum_l y l 0 = 1 ->
  let error k := - y k 0 / o k 0 in
  forall k, o k 0 * error k - o k 0 * (\sum_l o l 0 * error l) = o k 0 - y k 0.
Proof. by move=> o0 y1 error k; rewrite seed_cancels // y1 mulr1. Qed.
End Seed.
