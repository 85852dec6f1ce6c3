namespace Sagitta.Tests.Autodiff.Solvers;

public sealed class SymmetricSystemTests
{
    [Fact]
    public void Factor_and_solution_are_those_of_a_computation_by_hand()
    {
        double[] matrix = [4, 2, -2, 2, 10, 5, -2, 5, 21];
        Assert.True(SymmetricSystem.TryFactor(matrix, 3, 1e-14));
        Assert.Equal([2, 1, 3, -1, 2, 4], new[] { matrix[0], matrix[3], matrix[4], matrix[6], matrix[7], matrix[8] });
        double[] vector = [-6, -3, 51];
        SymmetricSystem.SolveFactored(matrix, 3, vector);
        Assert.Equal([1, -2, 3.0], vector);
        double[] half = [-6, -3, 51];
        SymmetricSystem.SolveLower(matrix, 3, half);
        Assert.Equal([-3, 0, 12.0], half);
    }

    [Theory]
    [InlineData(1.5, 1e-14, true)]
    [InlineData(1.5, 0.3, true)]
    [InlineData(1.5, 0.4, false)]
    [InlineData(1, 0, false)]
    [InlineData(1, -0.1, true)]
    [InlineData(0.5, 0, false)]
    [InlineData(double.NaN, 1e-14, false)]
    [InlineData(double.PositiveInfinity, 1e-14, false)]
    public void A_pivot_must_be_above_a_share_of_its_diagonal(double last, double relativePivot, bool regular) =>
        Assert.Equal(regular, SymmetricSystem.TryFactor([1, 1, 1, last], 2, relativePivot));

    [Fact]
    public void Columns_leave_the_heap_in_order_and_once_with_their_shortest_distance()
    {
        RandomDraws draws = RandomKey.FromSeed(9).Draws();
        double[] current = new double[300];
        Array.Fill(current, double.PositiveInfinity);
        ColumnHeap heap = new();
        heap.Push(0, 0);
        heap.Clear();
        for (int i = 0; i < 1000; i++)
        {
            (int column, double distance) = (draws.NextIndex(300), draws.NextIndex(100_000));
            if (distance < current[column])
            {
                current[column] = distance;
                heap.Push(distance, column);
            }
        }

        List<double> expected = [.. current.Where(double.IsFinite).Order()];
        List<double> found = [];
        while (heap.Pop(current, out double distance, out int column))
        {
            Assert.Equal(current[column], distance);
            found.Add(distance);
            current[column] = double.NegativeInfinity;
        }

        Assert.Equal(expected, found);
        Assert.False(heap.Pop(current, out double none, out int no));
        Assert.Equal((double.PositiveInfinity, -1), (none, no));
    }
}
