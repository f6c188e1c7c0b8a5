(* The mean over random decisions that may depend on the decisions before, without measure theory: a run makes finitely
   many decisions, each yes or no, so a mean is a finite sum, and the probabilities may come from any commutative ring. *)
From Bptt Require Export Algebra.
From Coq Require Export List.
From Coq Require Import Arith Lia Ring_theory.
Export ListNotations.

(* Numbers: probabilities, their inverses, variances. *)
Record numbers := Numbers {
  number_sums :> sums;
  one : number_sums;
  times : number_sums -> number_sums -> number_sums;
  opposite : number_sums -> number_sums;
  times_one : forall x, times one x = x;
  times_comm : forall x y, times x y = times y x;
  times_assoc : forall x y z, times x (times y z) = times (times x y) z;
  times_add : forall x y z, times (x + y) z = times x z + times y z;
  add_opposite : forall x, x + opposite x = zero;
}.
Arguments one {n}.
Arguments times {n} _ _.
Arguments opposite {n} _.
Notation "x ⋅ y" := (times x y) (at level 40, left associativity) : letters_scope.
Notation "x − y" := (add x (opposite y)) (at level 50, left associativity) : letters_scope.

Lemma numbers_ring (K : numbers) :
  ring_theory (zero : K) one add times (fun x y => x − y) opposite eq.
Proof.
  split; intros; auto using add_zero, add_comm, add_assoc, times_one, times_comm, times_assoc, times_add, add_opposite.
Qed.

(* Numbers scale the terms. *)
Class scaled (K : numbers) (V : sums) := Scaled {
  scale : K -> V -> V;
  scale_one : forall u, scale one u = u;
  scale_times : forall k l u, scale (k ⋅ l) u = scale k (scale l u);
  scale_add_left : forall k l u, scale (k + l) u = scale k u + scale l u;
  scale_add : forall k u v, scale k (u + v) = scale k u + scale k v;
  scale_zero_left : forall u, scale zero u = zero;
  scale_zero : forall k, scale k zero = zero;
}.
Notation "k × u" := (scale k u) (at level 35, right associativity) : letters_scope.

(* Factors, pairings: linear in the scaling. *)
Class linear_action (K : numbers) {C : factors} (M : acted_on C) {scaling : scaled K M} :=
  act_scale : forall (k : K) (x : C) (u : M), x • (k × u) = k × (x • u).
Class linear_carry (K : numbers) {C : factors} (G : rows C) {scaling : scaled K G} :=
  carry_scale : forall (k : K) (g : G) (x : C), (k × g) ◃ x = k × (g ◃ x).
Class linear_pairing (K : numbers) {C : factors} {G : rows C} {M : acted_on C} {L : sums}
  {of_rows : scaled K G} {of_terms : scaled K M} {of_values : scaled K L} (pair : pairing C G M L) := {
  pair_scale_left : forall (k : K) (g : G) (u : M), pair (k × g) u = k × pair g u;
  pair_scale_right : forall (k : K) (g : G) (u : M), pair g (k × u) = k × pair g u;
}.

Section Mean.
Context {K : numbers}.
Add Ring numbers : (numbers_ring K).

(* The mean of F over n decisions: the last is yes with probability p(past), which any decision before may influence. *)
Fixpoint mean {V : sums} {scaling : scaled K V} (p : list bool -> K) (n : nat) (F : list bool -> V) : V :=
  match n with
  | 0 => F []
  | S m => mean p m (fun past => p past × F (past ++ [true]) + (one − p past) × F (past ++ [false]))
  end.

(* All histories of n decisions, and the probability of one: the product of what each decision had, given its past. *)
Fixpoint histories (n : nat) : list (list bool) :=
  match n with
  | 0 => [[]]
  | S m => flat_map (fun past => [past ++ [true]; past ++ [false]]) (histories m)
  end.
Definition chance (p : list bool -> K) (past : list bool) (decision : bool) : K :=
  if decision then p past else one − p past.
Fixpoint probability (p : list bool -> K) (past future : list bool) : K :=
  match future with
  | [] => one
  | decision :: rest => chance p past decision ⋅ probability p (past ++ [decision]) rest
  end.
Fixpoint total {V : sums} (terms : list V) : V :=
  match terms with
  | [] => zero
  | u :: rest => u + total rest
  end.

Section OfTerms.
Context {V : sums} {scaling : scaled K V}.
Variable p : list bool -> K.
Implicit Types F H : list bool -> V.

Lemma halves (k : K) (u : V) : k × u + (one − k) × u = u.
Proof. rewrite <- scale_add_left. replace (k + (one − k)) with (one : K) by ring. apply scale_one. Qed.

Lemma mean_ext n F H : (forall h, length h = n -> F h = H h) -> mean p n F = mean p n H.
Proof.
  revert F H. induction n as [|n IH]; intros F H E; cbn; [now apply E|].
  apply IH. intros past Hp. now rewrite !E by (rewrite app_length; cbn; lia).
Qed.

Lemma mean_const n (u : V) : mean p n (fun _ => u) = u.
Proof.
  induction n as [|n IH]; cbn; [reflexivity|].
  transitivity (mean p n (fun _ => u)); [apply mean_ext; intros; apply halves | exact IH].
Qed.

Lemma mean_add n F H : mean p n (fun h => F h + H h) = mean p n F + mean p n H.
Proof.
  revert F H. induction n as [|n IH]; intros F H; cbn; [reflexivity|]. rewrite <- IH. apply mean_ext.
  intros. rewrite !scale_add. apply add_swap.
Qed.

(* What is decided later does not matter to what depends on the past alone. *)
Lemma mean_of_past t n F : t <= n -> mean p n (fun h => F (firstn t h)) = mean p t F.
Proof.
  induction n as [|n IH]; intros Ht.
  - replace t with 0 by lia. reflexivity.
  - destruct (Nat.eq_dec t (S n)) as [->|]; [apply mean_ext; intros h <-; now rewrite firstn_all|].
    rewrite <- IH by lia. cbn. apply mean_ext. intros past <-.
    rewrite !firstn_app. replace (t - length past) with 0 by lia. cbn. rewrite !app_nil_r. apply halves.
Qed.

Lemma mean_sum n l m (F : nat -> list bool -> V) :
  mean p n (fun h => ∑ t ∈ [l, m], F t h) = (∑ t ∈ [l, m], mean p n (F t)).
Proof.
  unfold sum. induction (S m - l) as [|k IH]; cbn; [apply mean_const|]. now rewrite mean_add, IH.
Qed.

Lemma total_app (us vs : list V) : total (us ++ vs) = total us + total vs.
Proof. induction us as [|u us IH]; cbn; [now rewrite add_zero|]. now rewrite IH, add_assoc. Qed.

Lemma probability_last past future decision :
  probability p past (future ++ [decision]) = probability p past future ⋅ chance p (past ++ future) decision.
Proof.
  revert past. induction future as [|x future IH]; intros past; cbn.
  - rewrite app_nil_r. ring.
  - rewrite IH, <- app_assoc. cbn. ring.
Qed.

(** What a mean is: the sum over all 2^n histories of the probability of a history times the value on it. *)
Theorem mean_is_sum_over_histories n F :
  mean p n F = total (map (fun h => probability p [] h × F h) (histories n)).
Proof.
  revert F. induction n as [|n IH]; intros F; cbn.
  - now rewrite scale_one, zero_add.
  - rewrite IH. clear IH. induction (histories n) as [|past rest IHrest]; cbn; [reflexivity|].
    rewrite IHrest, !probability_last, scale_add, <- !scale_times, <- add_assoc. reflexivity.
Qed.

End OfTerms.

(* An additive map that respects the scaling passes through a mean. *)
Lemma mean_map {V W : sums} {of_V : scaled K V} {of_W : scaled K W} (f : V -> W) p n (F : list bool -> V) :
  (forall u v, f (u + v) = f u + f v) -> (forall (k : K) u, f (k × u) = k × f u) ->
  f (mean p n F) = mean p n (fun h => f (F h)).
Proof.
  intros A S. revert F. induction n as [|n IH]; intros F; cbn; [reflexivity|]. rewrite IH. apply mean_ext.
  intros. now rewrite A, !S.
Qed.

End Mean.
