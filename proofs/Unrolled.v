(* The derivative of an unrolled recurrent network.

   W (weights) and H (states) are any real normed spaces, so a state may be a vector, a matrix of a batch or a pair of
   states, and a weight may be one matrix or all of them.  Derivatives are Fréchet derivatives (Coquelicot's
   [filterdiff]): bounded linear maps, and the remainder is o(norm).

     h_0 = init(w),   h_t = f_t(h_{t-1}, w),   L(w) = (1/T) Σ_{t=1}^{T} ℓ_t(h_t(w))
     b_t = ∂f_t/∂w,   c_t = ∂f_t/∂h_{t-1},     g_t = ∂ℓ_t/∂h_t,   all at the point where the derivative is taken. *)
Require Import Reals Lia Arith.
From Coquelicot Require Import Coquelicot.
#[local] Arguments sum_n_m : simpl never.

Section Unrolled.
Context {W H : NormedModule R_AbsRing}.

(* h_t as a function of the weights *)
Fixpoint state (f : nat -> H -> W -> H) (init : W -> H) (t : nat) (w : W) : H :=
  match t with
  | 0 => init w
  | S s => f (S s) (state f init s w) w
  end.

Definition loss (f : nat -> H -> W -> H) (init : W -> H) (l : nat -> H -> R) (T : nat) (w : W) : R :=
  / INR T * sum_n_m (fun t => l t (state f init t w)) 1 T.

(* a_t = b_t + c_t a_{t-1}: what real-time recurrent learning carries *)
Fixpoint forward (b : nat -> W -> H) (c : nat -> H -> H) (a0 : W -> H) (t : nat) (dw : W) : H :=
  match t with
  | 0 => a0 dw
  | S s => plus (b (S s) dw) (c (S s) (forward b c a0 s dw))
  end.

(* c_{i+k} ⋯ c_{i+1}: the later factor on the left, the empty product is the identity *)
Fixpoint chain (c : nat -> H -> H) (i k : nat) (x : H) : H :=
  match k with
  | 0 => x
  | S k' => c (S (i + k')) (chain c i k' x)
  end.

(* δ_T = g_T,  δ_i = g_i + δ_{i+1} c_{i+1} for 1 <= i < T *)
Definition is_adjoint (c : nat -> H -> H) (g : nat -> H -> R) (T : nat) (delta : nat -> H -> R) : Prop :=
  (forall x, delta T x = g T x) /\
  (forall i, (1 <= i < T)%nat -> forall x, delta i x = g i x + delta (S i) (c (S i) x)).

(* Linear maps and finite sums *)

Lemma functional_plus {U : NormedModule R_AbsRing} (l : U -> R) (x y : U) : is_linear l -> l (plus x y) = l x + l y.
Proof. intros Hl. exact (linear_plus l Hl x y). Qed.

Lemma sum_S (F : nat -> R) (n : nat) : sum_n_m F 1 (S n) = sum_n_m F 1 n + F (S n).
Proof. apply (sum_n_Sm F). lia. Qed.

Lemma sum_last (F : nat -> R) (n : nat) : (1 <= n)%nat -> sum_n_m F 1 n = sum_n_m F 1 (n - 1) + F n.
Proof. destruct n as [|n]; [lia|]. intros _. rewrite sum_S. now replace (S n - 1)%nat with n by lia. Qed.

Lemma is_linear_sum {U V : NormedModule R_AbsRing} (l : U -> V) (n : nat) (F : nat -> U) :
  is_linear l -> l (sum_n_m F 1 n) = sum_n_m (fun i => l (F i)) 1 n.
Proof.
  intros Hl. induction n as [|n IH].
  - rewrite !sum_n_m_zero by lia. now apply linear_zero.
  - rewrite !sum_n_Sm by lia. now rewrite linear_plus, IH.
Qed.

Lemma is_linear_chain (c : nat -> H -> H) (i k : nat) :
  (forall t, is_linear (c t)) -> is_linear (chain c i k).
Proof.
  intros Hc. induction k as [|k IH]; cbn [chain].
  - apply is_linear_id.
  - now apply (is_linear_comp (chain c i k) (c (S (i + k)))).
Qed.

Lemma filterdiff_sum {U V : NormedModule R_AbsRing} (x : U) (n : nat) (F dF : nat -> U -> V) :
  (forall t, (1 <= t <= n)%nat -> filterdiff (F t) (locally x) (dF t)) ->
  filterdiff (fun u => sum_n_m (fun t => F t u) 1 n) (locally x) (fun du => sum_n_m (fun t => dF t du) 1 n).
Proof.
  intros HF. induction n as [|n IH].
  - apply filterdiff_ext with (f := fun _ => zero); [intros; now rewrite sum_n_m_zero by lia|].
    eapply filterdiff_ext_lin; [apply filterdiff_const|]. intros; now rewrite sum_n_m_zero by lia.
  - apply filterdiff_ext with (f := fun u => plus (sum_n_m (fun t => F t u) 1 n) (F (S n) u)).
    { intros; now rewrite sum_n_Sm by lia. }
    eapply filterdiff_ext_lin.
    + apply (filterdiff_plus_fct (fun u => sum_n_m (fun t => F t u) 1 n) (F (S n))).
      * apply IH. intros; apply HF; lia.
      * apply HF; lia.
    + intros du. symmetry. apply (sum_n_Sm (fun t => dF t du)). lia.
Qed.

(* The recurrence of derivatives, expanded *)

Section Expansion.
Variables (b : nat -> W -> H) (c : nat -> H -> H) (a0 : W -> H).
Hypothesis c_linear : forall t, is_linear (c t).

Lemma forward_split (t : nat) (dw : W) :
  forward b c a0 t dw = plus (chain c 0 t (a0 dw)) (sum_n_m (fun i => chain c i (t - i) (b i dw)) 1 t).
Proof.
  induction t as [|t IH]; cbn [forward chain].
  - now rewrite sum_n_m_zero, plus_zero_r by lia.
  - rewrite IH, linear_plus, is_linear_sum, sum_n_Sm, Nat.sub_diag by (apply c_linear || lia).
    rewrite plus_comm, <- plus_assoc. f_equal. f_equal.
    apply sum_n_m_ext_loc. intros i Hi. rewrite (Nat.sub_succ_l i t) by lia. cbn [chain].
    now replace (i + (t - i))%nat with t by lia.
Qed.

Lemma forward_expanded (t : nat) (dw : W) : (1 <= t)%nat -> (forall d, a0 d = zero) ->
  forward b c a0 t dw = plus (b t dw) (sum_n_m (fun i => chain c i (t - i) (b i dw)) 1 (t - 1)).
Proof.
  intros Ht H0. rewrite forward_split, H0, (linear_zero (chain c 0 t)), plus_zero_l by now apply is_linear_chain.
  destruct t as [|t]; [lia|]. rewrite sum_n_Sm, Nat.sub_diag by lia. cbn [chain].
  replace (S t - 1)%nat with t by lia. apply plus_comm.
Qed.

End Expansion.

(* Forward and backward accumulation of the same sum *)

Section Adjoint.
Variables (b : nat -> W -> H) (c : nat -> H -> H) (a0 : W -> H) (g delta : nat -> H -> R) (T : nat).
Hypothesis c_linear : forall t, is_linear (c t).
Hypothesis g_linear : forall t, is_linear (g t).
Hypothesis adjoint : is_adjoint c g T delta.

Lemma adjoint_plus (k i : nat) : (1 <= i)%nat -> (i + k = T)%nat ->
  forall x y, delta i (plus x y) = delta i x + delta i y.
Proof.
  destruct adjoint as [Htop Hstep].
  revert i. induction k as [|k IH]; intros i Hi HT x y.
  - replace i with T by lia. rewrite !Htop. now apply functional_plus.
  - rewrite !(Hstep i ltac:(lia)).
    rewrite (linear_plus (c (S i))), IH, (functional_plus (g i)) by (apply c_linear || apply g_linear || lia). ring.
Qed.

Lemma adjoint_partial (n : nat) (dw : W) : (S n <= T)%nat ->
  delta 1%nat (c 1%nat (a0 dw)) + sum_n_m (fun i => delta i (b i dw)) 1 (S n) =
  sum_n_m (fun t => g t (forward b c a0 t dw)) 1 n + delta (S n) (forward b c a0 (S n) dw).
Proof.
  intros Hn. induction n as [|n IH].
  - rewrite sum_n_n, sum_n_m_zero by lia. cbn [forward]. rewrite (adjoint_plus (T - 1)) by lia.
    change (zero : R) with 0. ring.
  - destruct adjoint as [_ Hstep].
    rewrite (sum_S _ (S n)), <- Rplus_assoc, IH, (sum_S _ n), (Hstep (S n)) by lia.
    change (forward b c a0 (S (S n)) dw) with (plus (b (S (S n)) dw) (c (S (S n)) (forward b c a0 (S n) dw))).
    rewrite (adjoint_plus (T - S (S n)) (S (S n))) by lia. ring.
Qed.

Lemma adjoint_sum (dw : W) : (1 <= T)%nat ->
  sum_n_m (fun t => g t (forward b c a0 t dw)) 1 T =
  delta 1%nat (c 1%nat (a0 dw)) + sum_n_m (fun i => delta i (b i dw)) 1 T.
Proof.
  intros HT. assert (E := adjoint_partial (T - 1) dw ltac:(lia)). replace (S (T - 1)) with T in E by lia.
  rewrite E, (proj1 adjoint). now apply (sum_last (fun t => g t (forward b c a0 t dw))).
Qed.

End Adjoint.

(* The theorems *)

Section Derivatives.
Variables (f : nat -> H -> W -> H) (init : W -> H) (w : W).
Variables (b : nat -> W -> H) (c : nat -> H -> H) (a0 : W -> H).
Hypothesis init_derivative : filterdiff init (locally w) a0.
Hypothesis f_derivative : forall t,
  filterdiff (fun x : H * W => f (S t) (fst x) (snd x)) (locally (state f init t w, w))
             (fun d : H * W => plus (b (S t) (snd d)) (c (S t) (fst d))).

(** The derivative of the state h_t with respect to the weights is a_t, where a_t = b_t + c_t a_{t-1} and a_0 is the
    derivative of the initial state.  This is the recurrence the derivation starts from. *)
Theorem state_derivative_recurrence (t : nat) : filterdiff (state f init t) (locally w) (forward b c a0 t).
Proof.
  induction t as [|t IH]; [exact init_derivative|].
  refine (filterdiff_comp'_2 (state f init t) (fun w => w) (f (S t)) w (forward b c a0 t) (fun d => d)
            (fun x y => plus (b (S t) y) (c (S t) x)) IH _ (f_derivative t)).
  apply filterdiff_id.
Qed.

Hypothesis c_linear : forall t, is_linear (c t).

(** The derivative of the state h_t when the initial state depends on the weights too: all the terms
    (c_t ⋯ c_{i+1}) b_i, and c_t ⋯ c_1 times the derivative of the initial state. *)
Theorem state_derivative_with_start (t : nat) : filterdiff (state f init t) (locally w)
  (fun dw => plus (chain c 0 t (a0 dw)) (sum_n_m (fun i => chain c i (t - i) (b i dw)) 1 t)).
Proof.
  eapply filterdiff_ext_lin; [apply state_derivative_recurrence|]. intros; now apply forward_split.
Qed.

(** The printed formula: with an initial state that does not depend on the weights, the derivative of h_t is
    b_t + Σ_{i=1}^{t-1} (c_t ⋯ c_{i+1}) b_i. *)
Theorem state_derivative_expanded (t : nat) : (1 <= t)%nat -> (forall dw, a0 dw = zero) ->
  filterdiff (state f init t) (locally w)
    (fun dw => plus (b t dw) (sum_n_m (fun i => chain c i (t - i) (b i dw)) 1 (t - 1))).
Proof.
  intros. eapply filterdiff_ext_lin; [apply state_derivative_recurrence|]. intros; now apply forward_expanded.
Qed.

Variables (l g : nat -> H -> R) (T : nat).
Hypothesis l_derivative : forall t, (1 <= t <= T)%nat -> filterdiff (l t) (locally (state f init t w)) (g t).

(** The derivative of the loss, forward: (1/T) Σ_t g_t a_t, with a_t carried along (real-time recurrent learning). *)
Theorem loss_derivative_forward : filterdiff (loss f init l T) (locally w)
  (fun dw => / INR T * sum_n_m (fun t => g t (forward b c a0 t dw)) 1 T).
Proof.
  apply (filterdiff_scal_r_fct (/ INR T) (fun w => sum_n_m (fun t => l t (state f init t w)) 1 T)); [exact Rmult_comm|].
  apply (filterdiff_sum w T (fun t w => l t (state f init t w)) (fun t dw => g t (forward b c a0 t dw))).
  intros t Ht. apply (filterdiff_comp' (state f init t) (l t));
    [apply state_derivative_recurrence | now apply l_derivative].
Qed.

Hypothesis g_linear : forall t, is_linear (g t).

(** The derivative of the loss as the printed double sum: (1/T) Σ_t Σ_{i<=t} g_t (c_t ⋯ c_{i+1}) b_i, for an initial
    state that does not depend on the weights. *)
Theorem loss_derivative_double_sum : (forall dw, a0 dw = zero) -> filterdiff (loss f init l T) (locally w)
  (fun dw => / INR T * sum_n_m (fun t => sum_n_m (fun i => g t (chain c i (t - i) (b i dw))) 1 t) 1 T).
Proof.
  intros H0. eapply filterdiff_ext_lin; [apply loss_derivative_forward|]. intros dw; cbn. f_equal.
  apply sum_n_m_ext. intros t.
  rewrite forward_split, H0, (linear_zero (chain c 0 t)), plus_zero_l by (try apply is_linear_chain; apply c_linear).
  now apply (is_linear_sum (g t)).
Qed.

Variable delta : nat -> H -> R.
Hypothesis adjoint : is_adjoint c g T delta.

(** The derivative of the loss, backward, when the initial state depends on the weights too:
    (1/T) (δ_1 c_1 a_0 + Σ_i δ_i b_i) with δ_T = g_T and δ_i = g_i + δ_{i+1} c_{i+1}. *)
Theorem loss_derivative_adjoint_with_start : (1 <= T)%nat -> filterdiff (loss f init l T) (locally w)
  (fun dw => / INR T * (delta 1%nat (c 1%nat (a0 dw)) + sum_n_m (fun i => delta i (b i dw)) 1 T)).
Proof.
  intros HT. eapply filterdiff_ext_lin; [apply loss_derivative_forward|]. intros dw; cbn. f_equal.
  now apply adjoint_sum.
Qed.

End Derivatives.

(* [delta 1] has to vanish at zero for the start to drop out: it does, being linear. *)
Lemma adjoint_zero (c : nat -> H -> H) (g delta : nat -> H -> R) (T : nat) :
  (forall t, is_linear (c t)) -> (forall t, is_linear (g t)) -> is_adjoint c g T delta ->
  forall i, (1 <= i <= T)%nat -> delta i zero = 0.
Proof.
  intros Hc Hg Ha i Hi.
  assert (E := adjoint_plus c g delta T Hc Hg Ha (T - i) i (proj1 Hi) ltac:(lia) zero zero).
  rewrite plus_zero_l in E. apply (Rplus_eq_reg_l (delta i zero)). rewrite <- E. ring.
Qed.

(** The derivative of the loss by backpropagation through time: (1/T) Σ_i δ_i b_i with δ_T = g_T and
    δ_i = g_i + δ_{i+1} c_{i+1}, for an initial state that does not depend on the weights. *)
Theorem loss_derivative_adjoint (f : nat -> H -> W -> H) (h0 : H) (w : W) (b : nat -> W -> H) (c : nat -> H -> H)
  (l g delta : nat -> H -> R) (T : nat) :
  let h t := state f (fun _ => h0) t w in
  (forall t, filterdiff (fun x : H * W => f (S t) (fst x) (snd x)) (locally (h t, w))
                        (fun d : H * W => plus (b (S t) (snd d)) (c (S t) (fst d)))) ->
  (forall t, is_linear (c t)) -> (forall t, is_linear (g t)) ->
  (forall t, (1 <= t <= T)%nat -> filterdiff (l t) (locally (h t)) (g t)) ->
  is_adjoint c g T delta -> (1 <= T)%nat ->
  filterdiff (loss f (fun _ => h0) l T) (locally w)
    (fun dw => / INR T * sum_n_m (fun i => delta i (b i dw)) 1 T).
Proof.
  intros h Hf Hc Hg Hl Ha HT. eapply filterdiff_ext_lin.
  - apply (loss_derivative_adjoint_with_start f (fun _ => h0) w b c (fun _ => zero)) with (g := g) (delta := delta);
      try assumption. apply filterdiff_const.
  - intros dw; cbn. f_equal. rewrite (linear_zero (c 1%nat)), (adjoint_zero c g delta T) by (auto || lia).
    apply Rplus_0_l.
Qed.

End Unrolled.

Section Start.
Context {H : NormedModule R_AbsRing}.

(** The derivative of the state h_t with respect to the initial state h_0 is c_t ⋯ c_1. *)
Theorem state_derivative_of_start (f : nat -> H -> H) (h0 : H) (c : nat -> H -> H) :
  let h t := state (fun t x _ => f t x) (fun start => start) t h0 in
  (forall t, filterdiff (f (S t)) (locally (h t)) (c (S t))) -> (forall t, is_linear (c t)) ->
  forall t, filterdiff (state (fun t x (_ : H) => f t x) (fun start => start) t) (locally h0) (chain c 0 t).
Proof.
  intros h Hf Hc t. eapply filterdiff_ext_lin.
  - apply (state_derivative_with_start (fun t x _ => f t x) (fun start => start) h0 (fun _ _ => zero) c (fun d => d));
      [| |exact Hc].
    + apply filterdiff_id.
    + intros s. eapply filterdiff_ext_lin.
      * apply (filterdiff_comp' (fun x : H * H => fst x) (f (S s))); [|apply Hf].
        apply filterdiff_linear, is_linear_fst.
      * intros; cbn. now rewrite plus_zero_l.
  - intros dw; cbn. rewrite (sum_n_m_ext _ (fun _ => zero)), sum_n_m_const_zero; [apply plus_zero_r|].
    intros i. apply linear_zero, is_linear_chain, Hc.
Qed.

End Start.
