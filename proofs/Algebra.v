(* What the algebra of the derivation is about: sums, products whose order matters, letters that act on each other.

   Nothing here is a matrix, and nothing commutes that need not: [Matrices.v] shows that matrices are an instance.
   Every law is a field of a record, so that a theorem supposes exactly what its statement shows, and no axiom. *)
Require Import Arith Lia.

Declare Scope letters_scope.

(* What can be added: a_t, b_t, g_t, the gradient. *)
Record sums := Sums {
  term :> Type;
  zero : term;
  add : term -> term -> term;
  add_assoc : forall u v w, add u (add v w) = add (add u v) w;
  add_comm : forall u v, add u v = add v u;
  add_zero : forall u, add zero u = u;
}.
Arguments zero {s}.
Arguments add {s} _ _.
Notation "u + v" := (add u v) : letters_scope.
Open Scope letters_scope.

(* What can be multiplied, in an order: the factors c_t. *)
Record factors := Factors {
  factor :> Type;
  unit : factor;
  mul : factor -> factor -> factor;
  mul_assoc : forall x y z, mul x (mul y z) = mul (mul x y) z;
  mul_unit_left : forall x, mul unit x = x;
  mul_unit_right : forall x, mul x unit = x;
}.
Arguments unit {f}.
Arguments mul {f} _ _.
Notation "x * y" := (mul x y) : letters_scope.

(* Factors act on terms from the left: c_t a_{t-1}. *)
Record acted_on (C : factors) := ActedOn {
  acted_terms :> sums;
  act : C -> acted_terms -> acted_terms;
  act_unit : forall u, act unit u = u;
  act_mul : forall x y u, act (x * y) u = act x (act y u);
  act_add : forall x u v, act x (u + v) = act x u + act x v;
  act_zero : forall x, act x zero = zero;
}.
Arguments act {C a} _ _.
Notation "x • u" := (act x u) (at level 35, right associativity) : letters_scope.

(* Factors act on rows from the right: δ_{t+1} c_{t+1}.  For columns, δ ◃ c is cᵀ δ. *)
Record rows (C : factors) := Rows {
  row_terms :> sums;
  carry : row_terms -> C -> row_terms;
  carry_unit : forall g, carry g unit = g;
  carry_mul : forall g x y, carry g (x * y) = carry (carry g x) y;
  carry_add : forall g h x, carry (g + h) x = carry g x + carry h x;
  carry_zero : forall x, carry zero x = zero;
}.
Arguments carry {C r} _ _.
Notation "g ◃ x" := (carry g x) (at level 37, left associativity) : letters_scope.

(* A row times a term, ⟨g , u⟩ = g u, is additive in both, and (g x) u = g (x u). *)
Record pairing (C : factors) (G : rows C) (M : acted_on C) (L : sums) := Pairing {
  pair_with :> G -> M -> L;
  pair_add_left : forall g h u, pair_with (g + h) u = pair_with g u + pair_with h u;
  pair_add_right : forall g u v, pair_with g (u + v) = pair_with g u + pair_with g v;
  pair_zero_left : forall u, pair_with zero u = zero;
  pair_zero_right : forall g, pair_with g zero = zero;
  pair_carry : forall g x u, pair_with (g ◃ x) u = pair_with g (x • u);
}.
Arguments pair_with {C G M L} _ _ _.

Lemma zero_add {V : sums} (u : V) : u + zero = u.
Proof. rewrite add_comm. apply add_zero. Qed.

Lemma add_swap {V : sums} (u v w x : V) : (u + v) + (w + x) = (u + w) + (v + x).
Proof. rewrite !add_assoc. f_equal. rewrite <- !add_assoc. f_equal. apply add_comm. Qed.

(* Σ_{i=m}^{n} F_i, empty for n < m *)
Fixpoint add_up {V : sums} (m k : nat) (F : nat -> V) : V :=
  match k with
  | 0 => zero
  | S l => add_up m l F + F (m + l)%nat
  end.
Definition sum {V : sums} (m n : nat) (F : nat -> V) : V := add_up m (S n - m) F.
Notation "∑ i ∈ [ m , n ] , F" := (sum m n (fun i => F))
  (at level 55, i name, m at level 200, n at level 200, F at level 55, format "∑  i  ∈  [ m ,  n ] ,  F") : letters_scope.

(* ∏_{j=m}^{n} F_j = F_n ⋯ F_m, the later factor on the left; empty for n < m *)
Fixpoint multiply_up {C : factors} (m k : nat) (F : nat -> C) : C :=
  match k with
  | 0 => unit
  | S l => F (m + l)%nat * multiply_up m l F
  end.
Definition product {C : factors} (m n : nat) (F : nat -> C) : C := multiply_up m (S n - m) F.
Notation "∏ j ∈ [ m , n ] , F" := (product m n (fun j => F))
  (at level 55, j name, m at level 200, n at level 200, F at level 55, format "∏  j  ∈  [ m ,  n ] ,  F") : letters_scope.

#[global] Arguments sum : simpl never.
#[global] Arguments product : simpl never.

Section Sums.
Context {V : sums}.
Implicit Types F H : nat -> V.

Lemma sum_empty m n F : n < m -> sum m n F = zero.
Proof. intros. unfold sum. now replace (S n - m) with 0 by lia. Qed.

Lemma sum_last m n F : m <= S n -> sum m (S n) F = sum m n F + F (S n).
Proof.
  intros. unfold sum. replace (S (S n) - m) with (S (S n - m)) by lia. cbn [add_up].
  now replace (m + (S n - m))%nat with (S n) by lia.
Qed.

Lemma sum_one m F : sum m m F = F m.
Proof. unfold sum. replace (S m - m) with 1 by lia. cbn. now rewrite Nat.add_0_r, add_zero. Qed.

Lemma sum_ext m n F H : (forall i, m <= i <= n -> F i = H i) -> sum m n F = sum m n H.
Proof.
  induction n as [|n IH]; intros E.
  - destruct m; [rewrite !sum_one; apply E; lia | now rewrite !sum_empty by lia].
  - destruct (le_lt_dec m (S n)); [|now rewrite !sum_empty by lia].
    rewrite !sum_last, (E (S n)) by lia. f_equal. apply IH. intros; apply E; lia.
Qed.

Lemma sum_first m n F : m <= n -> sum m n F = F m + sum (S m) n F.
Proof.
  intros. induction n as [|n IH].
  - replace m with 0 by lia. now rewrite sum_one, sum_empty, zero_add by lia.
  - destruct (Nat.eq_dec m (S n)) as [->|]; [now rewrite sum_one, sum_empty, zero_add by lia|].
    rewrite !sum_last, IH, add_assoc by lia. reflexivity.
Qed.

Lemma sum_add m n F H : sum m n (fun i => F i + H i) = sum m n F + sum m n H.
Proof.
  unfold sum. induction (S n - m) as [|k IH]; cbn; [now rewrite add_zero|]. rewrite IH. apply add_swap.
Qed.

Lemma sum_zero m n : sum m n (fun _ => zero) = (zero : V).
Proof. unfold sum. induction (S n - m) as [|k IH]; cbn; [|rewrite IH, add_zero]; reflexivity. Qed.

End Sums.

(* An additive map passes through a sum. *)
Lemma sum_map {V W : sums} (f : V -> W) m n (F : nat -> V) :
  f zero = zero -> (forall u v, f (u + v) = f u + f v) -> f (sum m n F) = sum m n (fun i => f (F i)).
Proof. intros Z A. unfold sum. induction (S n - m) as [|k IH]; cbn; [exact Z|]. now rewrite A, IH. Qed.

Section Products.
Context {C : factors}.
Implicit Types F H : nat -> C.

Lemma product_empty m n F : n < m -> product m n F = unit.
Proof. intros. unfold product. now replace (S n - m) with 0 by lia. Qed.

Lemma product_last m n F : m <= S n -> product m (S n) F = F (S n) * product m n F.
Proof.
  intros. unfold product. replace (S (S n) - m) with (S (S n - m)) by lia. cbn [multiply_up].
  now replace (m + (S n - m))%nat with (S n) by lia.
Qed.

Lemma product_one m F : product m m F = F m.
Proof. unfold product. replace (S m - m) with 1 by lia. cbn. now rewrite Nat.add_0_r, mul_unit_right. Qed.

Lemma product_first m n F : m <= n -> product m n F = product (S m) n F * F m.
Proof.
  intros. induction n as [|n IH].
  - replace m with 0 by lia. now rewrite product_one, product_empty, mul_unit_left by lia.
  - destruct (Nat.eq_dec m (S n)) as [->|]; [now rewrite product_one, product_empty, mul_unit_left by lia|].
    rewrite !product_last, IH, mul_assoc by lia. reflexivity.
Qed.

Lemma product_ext m n F H : (forall j, m <= j <= n -> F j = H j) -> product m n F = product m n H.
Proof.
  induction n as [|n IH]; intros E.
  - destruct m; [rewrite !product_one; apply E; lia | now rewrite !product_empty by lia].
  - destruct (le_lt_dec m (S n)); [|now rewrite !product_empty by lia].
    rewrite !product_last, (E (S n)) by lia. f_equal. apply IH. intros; apply E; lia.
Qed.

End Products.

(* x Σ_i F_i = Σ_i x F_i, and likewise for rows and for pairings. *)
Lemma act_sum {C : factors} {M : acted_on C} (x : C) m n (F : nat -> M) :
  x • sum m n F = sum m n (fun i => x • F i).
Proof. apply (sum_map (act x)); [apply act_zero | apply act_add]. Qed.

Lemma carry_sum {C : factors} {G : rows C} (x : C) m n (F : nat -> G) :
  sum m n F ◃ x = sum m n (fun i => F i ◃ x).
Proof. apply (sum_map (fun g => g ◃ x)); [apply carry_zero | intros; apply carry_add]. Qed.

Section Pairings.
Context {C : factors} {G : rows C} {M : acted_on C} {L : sums} (pair : pairing C G M L).

Lemma pair_sum_right g m n (F : nat -> M) : pair g (sum m n F) = sum m n (fun i => pair g (F i)).
Proof. apply (sum_map (pair g)); [apply pair_zero_right | apply pair_add_right]. Qed.

Lemma pair_sum_left m n (F : nat -> G) u : pair (sum m n F) u = sum m n (fun i => pair (F i) u).
Proof. apply (sum_map (fun g => pair g u)); [apply pair_zero_left | intros; apply pair_add_left]. Qed.

End Pairings.
