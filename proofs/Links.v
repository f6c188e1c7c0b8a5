(* The error of an estimate with a factor ξ_t before every c_t, on every single run, and what a window leaves out. *)
From Bptt Require Export Artbp Variance.
From Coq Require Import Arith Lia Ring_theory.

Section Links.
Context (K : numbers) {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).
Context {of_terms : scaled K M} {la : linear_action K M}.
Add Ring numbers : (numbers_ring K).

Lemma scaled_apart (k : K) (u : M) : k × u = (k − one) × u + u.
Proof. rewrite <- (scale_one u) at 3. rewrite <- scale_add_left. f_equal. ring. Qed.

Variables (a b z : nat -> M) (c : nat -> C) (g delta : nat -> G) (xi : nat -> K) (T : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).
Hypothesis start : a 0 = zero.
Hypothesis run : forall t, 1 <= t <= T -> z t = b t + xi t × c t • z (t - 1).
Hypothesis z_start : z 0 = zero.
Hypothesis last : delta T = g T.
Hypothesis recursion : forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t).

(* z satisfies the recurrence of a, with one more term at every step. *)
Lemma run_apart t : 1 <= t <= T -> z t = (b t + (xi t − one) × c t • z (t - 1)) + c t • z (t - 1).
Proof. intros. rewrite run, scaled_apart, add_assoc by assumption. reflexivity. Qed.

(** The error of an estimate with a number ξ_t before every factor, on every single run:
    Σ_t g_t z_t = Σ_t g_t a_t + Σ_{i=2}^{T} δ_i (ξ_i − 1) c_i z_{i-1}, with the exact adjoint δ. *)
Theorem estimate_error :
  (∑ t ∈ [1, T], pair (g t) (z t)) =
  (∑ t ∈ [1, T], pair (g t) (a t)) + (∑ i ∈ [2, T], pair (delta i) ((xi i − one) × c i • z (i - 1))).
Proof.
  rewrite (adjoint_forward pair z (fun t => b t + (xi t − one) × c t • z (t - 1)) c g delta T run_apart z_start
             last recursion).
  rewrite (adjoint_forward pair a b c g delta T recurrence start last recursion).
  rewrite (sum_ext _ _ _ _ (fun i _ => pair_add_right _ _ _ _ pair (delta i) _ _)), sum_add. f_equal.
  destruct T as [|n]; [now rewrite !sum_empty by lia|].
  rewrite (sum_first 1) by lia. cbn [Nat.sub]. now rewrite z_start, act_zero, scale_zero, pair_zero_right, add_zero.
Qed.
End Links.

Section Window.
Context {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).
Variables (a b z : nat -> M) (c : nat -> C) (g : nat -> G) (T tau : nat).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t • a (t - 1).
Hypothesis start : a 0 = zero.

(* The latest τ terms, or all of them: S (t − τ) is 1 where t <= τ. *)
Hypothesis window : forall t, 1 <= t <= T -> z t = (∑ i ∈ [S (t - tau), t], (∏ j ∈ [S i, t], c j) • b i).

(** What a window of τ steps leaves out: a_t = z_t + (c_t ⋯ c_{t-τ+1}) a_{t-τ}, where z_t keeps the terms from t-τ+1 on. *)
Theorem window_tail t : 1 <= t <= T -> a t = z t + (∏ j ∈ [S (t - tau), t], c j) • a (t - tau).
Proof. intros. rewrite window by assumption. apply (expansion_from a b c T recurrence). lia. Qed.

Lemma sum_without_first m n (F : nat -> L) :
  m <= n -> (forall t, 1 <= t <= m -> F t = zero) -> sum 1 n F = sum (S m) n F.
Proof.
  intros Hm Z. induction m as [|m IH]; [reflexivity|]. rewrite IH by (lia || intros; apply Z; lia).
  rewrite (sum_first (S m)), Z by lia. apply add_zero.
Qed.

(** The bias of a window of τ steps, exactly: Σ_t g_t a_t = Σ_t g_t z_t + Σ_{t=τ+1}^{T} g_t (c_t ⋯ c_{t-τ+1}) a_{t-τ}. *)
Theorem window_bias : tau <= T ->
  (∑ t ∈ [1, T], pair (g t) (a t)) =
  (∑ t ∈ [1, T], pair (g t) (z t)) +
  (∑ t ∈ [S tau, T], pair (g t) ((∏ j ∈ [S (t - tau), t], c j) • a (t - tau))).
Proof.
  intros HT. rewrite (sum_ext _ _ _ (fun t => pair (g t) (z t) + pair (g t) ((∏ j ∈ [S (t - tau), t], c j) • a (t - tau)))).
  - rewrite sum_add. f_equal. apply sum_without_first; [exact HT|]. intros t Ht.
    replace (t - tau) with 0 by lia. now rewrite start, act_zero, pair_zero_right.
  - intros t Ht. now rewrite <- pair_add_right, <- window_tail.
Qed.

(** A window as long as the sequence leaves nothing out. *)
Theorem window_of_all t : T <= tau -> 1 <= t <= T -> z t = a t.
Proof.
  intros. rewrite (window_tail t) by assumption. replace (t - tau) with 0 by lia. now rewrite start, act_zero, zero_add.
Qed.
End Window.

Section BackwardWindow.
Context {C : factors} {G : rows C}.
Variables (g delta : nat -> G) (c : nat -> C) (T : nat).
Hypothesis last : delta T = g T.
Hypothesis recursion : forall t, 1 <= t < T -> delta t = g t + delta (S t) ◃ c (S t).

(** From the other end: δ_i is what the errors before any later step s send back, and what comes through s:
    δ_i = Σ_{t=i}^{s-1} g_t (c_t ⋯ c_{i+1}) + δ_s (c_s ⋯ c_{i+1}). *)
Theorem adjoint_stop i s : 1 <= i <= s -> s <= T ->
  delta i = (∑ t ∈ [i, s - 1], g t ◃ (∏ j ∈ [S i, t], c j)) + delta s ◃ (∏ j ∈ [S i, s], c j).
Proof.
  intros Hi Hs. remember (s - i) as k eqn:Hk. revert s Hi Hs Hk.
  induction k as [|k IH]; intros s Hi Hs Hk.
  - replace s with i by lia. destruct i as [|i]; [lia|]. cbn [Nat.sub]. rewrite Nat.sub_0_r.
    now rewrite sum_empty, product_empty, carry_unit, add_zero by lia.
  - destruct s as [|s]; [lia|]. rewrite (IH s) by lia. rewrite (recursion s), carry_add, <- carry_mul by lia.
    replace (S s - 1) with s by lia. rewrite <- product_last by lia. rewrite add_assoc. f_equal.
    destruct s as [|s]; [lia|]. replace (S s - 1) with s by lia. now rewrite sum_last by lia.
Qed.

(** Windows that grow by one step on the way back: the first k+1 terms seen from step i are its own error and the first k
    seen from step i+1, carried through c_{i+1}. *)
Theorem window_grows i k :
  (∑ t ∈ [i, i + S k], g t ◃ (∏ j ∈ [S i, t], c j)) =
  g i + (∑ t ∈ [S i, i + S k], g t ◃ (∏ j ∈ [S (S i), t], c j)) ◃ c (S i).
Proof.
  rewrite (sum_first i), product_empty, carry_unit, carry_sum by lia. f_equal.
  apply sum_ext. intros t Ht. now rewrite product_first, carry_mul by lia.
Qed.
End BackwardWindow.

Section VarianceRecursion.
Context {K : numbers}.
Add Ring numbers_once_more : (numbers_ring K).
Variables (a b c pi inverse : nat -> K) (T : nat) (z : list bool -> nat -> K).
Hypothesis recurrence : forall t, 1 <= t <= T -> a t = b t + c t ⋅ a (t - 1).
Hypothesis start : a 0 = zero.
Hypothesis inverses : forall t, 1 <= t <= T -> inverse t ⋅ pi t = one.
Hypothesis z_start : forall h, z h 0 = zero.
Hypothesis run : forall h t, 1 <= t <= T ->
  z h t = b t + (if nth (t - 1) h false then zero else inverse t) ⋅ (c t ⋅ z h (t - 1)).

(** The recursion of the variance, for numbers: V_t = (c_t²/π_t) V_{t-1} + (1/π_t − 1) c_t² a_{t-1}². *)
Theorem variance_recursion t : 1 <= t <= T ->
  variance a pi t (fun h => z h t) =
  (c t ⋅ c t) ⋅ inverse t ⋅ variance a pi (t - 1) (fun h => z h (t - 1)) +
  (inverse t − one) ⋅ ((c t ⋅ c t) ⋅ (a (t - 1) ⋅ a (t - 1))).
Proof.
  intros Ht. destruct t as [|t]; [lia|]. replace (S t - 1) with t by lia.
  rewrite (variance_next a b c pi inverse T recurrence start inverses z z_start run) by lia. ring.
Qed.
End VarianceRecursion.
