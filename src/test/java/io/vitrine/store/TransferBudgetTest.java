package io.vitrine.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransferBudgetTest {
  private final TransferBudget budget = new TransferBudget(100, 400, 1000);

  @Test
  void givesTheLargestWindowWhileThereIsRoom() {
    enter(2);

    assertThat(budget.share()).isEqualTo(400);
  }

  @Test
  void sharesWhatThereIsAmongMany() {
    enter(5);

    assertThat(budget.share()).isEqualTo(200);
  }

  @Test
  void leavesEveryTransferAChunk() {
    enter(1000);

    assertThat(budget.share()).isEqualTo(100);
  }

  @Test
  void growsAgainWhenTransfersEnd() {
    enter(5);
    budget.leave();
    budget.leave();
    budget.leave();

    assertThat(budget.share()).isEqualTo(400);
  }

  @Test
  void holdsCreditBackUntilTheWindowFits() {
    enter(1);
    var window = new Window(budget);
    enter(4);

    assertThat(window.refund(150)).isZero();
    assertThat(window.refund(150)).isEqualTo(100);
    assertThat(window.refund(150)).isEqualTo(150);
    assertThat(window.bytes()).isEqualTo(200);
  }

  @Test
  void addsCreditWhenTheShareGrows() {
    enter(5);
    var window = new Window(budget);
    budget.leave();
    budget.leave();
    budget.leave();

    assertThat(window.refund(50)).isEqualTo(250);
    assertThat(window.bytes()).isEqualTo(400);
  }

  private void enter(int transfers) {
    for (int i = 0; i < transfers; i++) {
      budget.enter();
    }
  }
}
