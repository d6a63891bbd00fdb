/** Waits until something holds that is only told when it is asked for. The test's time limit is the only one. */
export async function until(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}
