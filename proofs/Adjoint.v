(* The two ways to add up one double sum: forward, by the state's derivative a_t, and backward, by the adjoint δ_i. *)
From Bptt Require Export Expansion.
Require Import Arith Lia.

(** Exchange of the sums over the triangle 1 <= i <= t <= T. *)
Theorem exchange {L : sums} (F : nat -> nat -> L) (T : nat) :
  (∑ t ∈ [1, T], ∑ i ∈ [1, t], F t i) = (∑ i ∈ [1, T], ∑ t ∈ [i, T], F t i).
Proof.
  induction T as [|T IH]; [now rewrite !sum_empty by lia|].
  rewrite (sum_last 1 T (fun t => ∑ i ∈ [1, t], F t i)), IH by lia.
  rewrite (sum_ext 1 (S T) (fun i => ∑ t ∈ [i, S T], F t i) (fun i => (∑ t ∈ [i, T], F t i) + F (S T) i)).
  - rewrite sum_add. f_equal. now rewrite sum_last, (sum_empty (S T)), zero_add by lia.
  - intros i Hi. now rewrite sum_last by lia.
Qed.

Section Recursion.
Context {C : factors} {G : rows C}.
Variables (g delta : nat -> G) (c : nat -> C) (T : nat).

Section FromTheSum.
Hypothesis definition : forall i, 1 <= i <= T -> delta i = (∑ t ∈ [i, T], g t ◃ (∏ j ∈ [S i, t], c j)).

(** The adjoint's last value is the last seed: δ_T = g_T. *)
Theorem adjoint_last : 1 <= T -> delta T = g T.
Proof. intros. now rewrite definition, sum_one, product_empty, carry_unit by lia. Qed.

(** The adjoint's recursion: δ_t = g_t + δ_{t+1} c_{t+1}, with the factor of the step after. *)
Theorem adjoint_recursion t : 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t).
Proof.
  intros. rewrite !definition, (sum_first t), product_empty, carry_unit, carry_sum by lia. f_equal.
  apply sum_ext. intros s Hs. now rewrite product_first, carry_mul by lia.
Qed.
End FromTheSum.

Section FromTheRecursion.
Hypothesis last : delta T = g T.
Hypothesis recursion : forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t).

(** The other way round: what the backward recursion computes is the sum δ_i = Σ_{t=i}^{T} g_t (c_t ⋯ c_{i+1}). *)
Theorem adjoint_sum i : 1 <= i <= T -> delta i = (∑ t ∈ [i, T], g t ◃ (∏ j ∈ [S i, t], c j)).
Proof.
  intros Hi. remember (T - i) as k eqn:Hk. revert i Hi Hk.
  induction k as [|k IH]; intros i Hi Hk.
  - replace i with T by lia. now rewrite sum_one, product_empty, carry_unit by lia.
  - rewrite recursion, (IH (S i)), (sum_first i), product_empty, carry_unit, carry_sum by lia. f_equal.
    apply sum_ext. intros t Ht. now rewrite (product_first (S i)), carry_mul by lia.
Qed.
End FromTheRecursion.
End Recursion.

Section ForwardAndBackward.
Context {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).
Variables (a b : nat -> M) (c : nat -> C) (g delta : nat -> G) (T : nat).

(** Double sum and adjoint: Σ_t Σ_{i<=t} g_t (c_t ⋯ c_{i+1}) b_i = Σ_i δ_i b_i, where δ is what the backward recursion
    computes. *)
Theorem double_sum_adjoint :
  delta T = g T ->
  (forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t)) ->
  (∑ t ∈ [1, T], ∑ i ∈ [1, t], pair (g t) ((∏ j ∈ [S i, t], c j) • b i)) = (∑ i ∈ [1, T], pair (delta i) (b i)).
Proof.
  intros last recursion. rewrite exchange. apply sum_ext. intros i Hi.
  rewrite (adjoint_sum g delta c T), pair_sum_left by (assumption || lia).
  apply sum_ext. intros t Ht. now rewrite pair_carry.
Qed.

Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).
Hypothesis start : a 0 = zero.

(** Substituting the expansion: Σ_t g_t a_t = Σ_t Σ_{i<=t} g_t (c_t ⋯ c_{i+1}) b_i. *)
Theorem forward_double_sum :
  (∑ t ∈ [1, T], pair (g t) (a t)) = (∑ t ∈ [1, T], ∑ i ∈ [1, t], pair (g t) ((∏ j ∈ [S i, t], c j) • b i)).
Proof. apply sum_ext. intros t Ht. now rewrite (expansion_sum a b c T), pair_sum_right by (assumption || lia). Qed.

Hypothesis last : delta T = g T.
Hypothesis recursion : forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t).

(** Backpropagation is right: the backward sum Σ_i δ_i b_i is the forward sum Σ_t g_t a_t. *)
Theorem adjoint_forward : (∑ t ∈ [1, T], pair (g t) (a t)) = (∑ i ∈ [1, T], pair (delta i) (b i)).
Proof. rewrite forward_double_sum. now apply double_sum_adjoint. Qed.

End ForwardAndBackward.

(** Backpropagation with a start that need not vanish: Σ_t g_t a_t = Σ_i δ_i b_i + δ_1 (c_1 a_0). *)
Theorem adjoint_forward_start {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L)
  (a b : nat -> M) (c : nat -> C) (g delta : nat -> G) (T : nat) :
  (forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1)) ->
  delta T = g T ->
  (forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t)) ->
  1 <= T ->
  (∑ t ∈ [1, T], pair (g t) (a t)) = (∑ i ∈ [1, T], pair (delta i) (b i)) + pair (delta 1) (c 1 • a 0).
Proof.
  intros recurrence last recursion HT. rewrite <- double_sum_adjoint with (1 := last) (2 := recursion).
  rewrite (adjoint_sum g delta c T last recursion), pair_sum_left, <- sum_add by lia.
  apply sum_ext. intros t Ht. rewrite (expansion_start a b c T), pair_add_right, pair_sum_right by (assumption || lia).
  f_equal. now rewrite pair_carry, <- act_mul, product_first by lia.
Qed.
