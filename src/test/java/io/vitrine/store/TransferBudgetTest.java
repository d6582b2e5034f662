package io.vitrine.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransferBudgetTest {
  @Test
  void givesLessTheMoreTransfersThereAre() {
    var budget = new TransferBudget(1, 40, 100);

    assertThat(budget.enter()).isEqualTo(40);
    assertThat(budget.enter()).isEqualTo(25);
    assertThat(budget.enter()).isEqualTo(16);
  }

  @Test
  void givesBackWhatATransferHad() {
    var budget = new TransferBudget(1, 40, 40);
    assertThat(budget.enter()).isEqualTo(20);
    assertThat(budget.enter()).isEqualTo(10);

    budget.leave();

    assertThat(budget.enter()).isEqualTo(10);
    budget.leave();
    budget.leave();
    assertThat(budget.enter()).isEqualTo(20);
  }

  @Test
  void givesAChunkAtLeast() {
    var budget = new TransferBudget(8, 40, 10);

    assertThat(budget.enter()).isEqualTo(8);
    assertThat(budget.enter()).isEqualTo(8);
  }

  @Test
  void countsBeyondTheRangeOfAnInt() {
    var budget = new TransferBudget(1, Integer.MAX_VALUE, Long.MAX_VALUE);

    assertThat(budget.enter()).isEqualTo(Integer.MAX_VALUE);
  }
}
