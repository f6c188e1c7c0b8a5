(* The three orders of evaluation as programs: one pass forward (RTRL), the written double sum, one pass backward (BPTT). *)
From Bptt Require Export Adjoint.
Require Import Arith Lia.

Section Programs.
Context {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).

(* Real-time recurrent learning: carry a_t and the gradient so far through the steps 1, …, T; nothing else is kept. *)
Fixpoint one_pass_forward (b : nat -> M) (c : nat -> C) (g : nat -> G) (T : nat) : (M * L)%type :=
  match T with
  | 0 => (zero, zero)
  | S s =>
      let (a, gradient) := one_pass_forward b c g s in
      let a_next := b (S s) + c (S s) • a in
      (a_next, gradient + pair (g (S s)) a_next)
  end.

(* Backpropagation through time: carry δ_t and the gradient so far through the steps t, …, 1. *)
Fixpoint carry_backward (b : nat -> M) (c : nat -> C) (g : nat -> G) (t : nat) (delta : G) (gradient : L) : L :=
  match t with
  | 0 => gradient
  | S s => carry_backward b c g s (g s + delta ◃ c (S s)) (pair delta (b (S s)) + gradient)
  end.
Definition one_pass_backward (b : nat -> M) (c : nat -> C) (g : nat -> G) (T : nat) : L :=
  carry_backward b c g T (g T) zero.

Variables (b : nat -> M) (c : nat -> C) (g : nat -> G).

Lemma carried t : fst (one_pass_forward b c g t) = (∑ i ∈ [1, t], (∏ j ∈ [S i, t], c j) • b i).
Proof.
  apply (expansion_sum (fun t => fst (one_pass_forward b c g t)) b c t); [|reflexivity|lia].
  intros s Hs. destruct s as [|s]; [lia|]. replace (S s - 1) with s by lia.
  cbn. now destruct (one_pass_forward b c g s).
Qed.

(** The one pass forward (RTRL) carries the state's derivative a_t and adds up Σ_t g_t a_t, whatever a_t is called. *)
Theorem forward_pass (a : nat -> M) (T : nat) :
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  a 0 = zero ->
  one_pass_forward b c g T = (a T, ∑ t ∈ [1, T], pair (g t) (a t)).
Proof.
  intros recurrence start. induction T as [|T IH]; [now rewrite start, sum_empty by lia|].
  cbn. rewrite IH by (intros; apply recurrence; lia).
  rewrite sum_last, (recurrence (S T)) by lia. now replace (S T - 1) with T by lia.
Qed.

(** The one pass forward computes the written double sum Σ_t Σ_{i<=t} g_t (c_t ⋯ c_{i+1}) b_i. *)
Theorem forward_pass_double_sum (T : nat) :
  snd (one_pass_forward b c g T) = (∑ t ∈ [1, T], ∑ i ∈ [1, t], pair (g t) ((∏ j ∈ [S i, t], c j) • b i)).
Proof.
  rewrite (forward_pass (fun t => fst (one_pass_forward b c g t)) T); [|intros t Ht|reflexivity].
  - apply sum_ext. intros t Ht. now rewrite carried, pair_sum_right.
  - rewrite !carried. now apply expansion_solves.
Qed.

Lemma backward_pass_from (delta : nat -> G) (gradient : L) (t T : nat) :
  t <= T -> (forall s, 1 <= s < T -> delta s = g s + delta (S s) ◃ c (S s)) ->
  carry_backward b c g t (delta t) gradient = (∑ i ∈ [1, t], pair (delta i) (b i)) + gradient.
Proof.
  intros Ht recursion. revert gradient. induction t as [|t IH]; intros gradient; cbn [carry_backward].
  - now rewrite sum_empty, add_zero by lia.
  - destruct t as [|t]; [now cbn; rewrite sum_one|].
    rewrite <- recursion, IH, (sum_last 1 (S t)), add_assoc by lia. reflexivity.
Qed.

(** The one pass backward (BPTT) computes Σ_i δ_i b_i, where δ_T = g_T and δ_t = g_t + δ_{t+1} c_{t+1}. *)
Theorem backward_pass (delta : nat -> G) (T : nat) :
  delta T = g T ->
  (forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t)) ->
  one_pass_backward b c g T = (∑ i ∈ [1, T], pair (delta i) (b i)).
Proof.
  intros last recursion. unfold one_pass_backward. rewrite <- last.
  now rewrite (backward_pass_from delta zero T T), zero_add by (assumption || lia).
Qed.

(** The three orders of evaluation are equal: one pass forward, the written double sum, one pass backward. *)
Theorem three_orders (T : nat) :
  let double_sum := (∑ t ∈ [1, T], ∑ i ∈ [1, t], pair (g t) ((∏ j ∈ [S i, t], c j) • b i)) in
  snd (one_pass_forward b c g T) = double_sum /\ one_pass_backward b c g T = double_sum.
Proof.
  split; [apply forward_pass_double_sum|].
  pose (delta i := ∑ t ∈ [i, T], g t ◃ (∏ j ∈ [S i, t], c j)).
  destruct T as [|T]; [now rewrite sum_empty by lia|].
  assert (last : delta (S T) = g (S T)) by (apply (adjoint_last g delta c); [reflexivity | lia]).
  assert (recursion : forall t, 1 <= t < S T -> delta t = g t + delta (S t) ◃ c (S t)).
  { apply adjoint_recursion. reflexivity. }
  rewrite (backward_pass delta) by assumption. symmetry. now apply double_sum_adjoint.
Qed.

End Programs.
