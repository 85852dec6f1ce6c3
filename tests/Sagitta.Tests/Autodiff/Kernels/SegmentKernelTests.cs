namespace Sagitta.Tests.Autodiff.Kernels;

public sealed unsafe class SegmentKernelTests
{
    private static readonly int[] Offsets = [0, 0, 1, 6, 6, 6, 19, 20, 23];

    [Fact]
    public void Reductions_agree_with_the_reference_at_every_width_and_length()
    {
        int groups = Offsets.Length - 1;
        int rows = Offsets[^1];
        int[] shuffled = new int[rows];
        RandomDraws draws = RandomKey.FromSeed(1).Draws();
        for (int i = 0; i < rows; i++)
        {
            int j = draws.NextIndex(i + 1);
            shuffled[i] = shuffled[j];
            shuffled[j] = i;
        }

        fixed (int* offsets = Offsets)
        fixed (int* order = shuffled)
        {
            int* borders = offsets;
            int* places = order;
            for (int columns = 0; columns <= 256; columns++)
            {
                using Numbers<float> x = new(rows * columns, 1, shift: 1);
                using Numbers<float> y = new(groups * columns, 2, shift: 2);
                using Numbers<float> dy = new(groups * columns, 3);
                using Numbers<float> dx = new(rows * columns, 4, shift: 3);
                Coarsen(x.Values);

                SegmentReference.AddOrdered(groups, columns, borders, places, x.Pointer, y.Pointer);
                float[] expected = y.Take();
                KernelWidths.ForEach<OrderedRowSum<float>, float>(
                    () => new(groups, columns, borders, places, x.Pointer, y.Pointer), bits => Assert.Equal(expected, y.Take()));
                SegmentReference.AddOrdered(groups, columns, borders, null, x.Pointer, y.Pointer);
                expected = y.Take();
                KernelWidths.ForEach<OrderedRowSum<float>, float>(
                    () => new(groups, columns, borders, null, x.Pointer, y.Pointer), bits => Assert.Equal(expected, y.Take()));
                SegmentReference.Sum(groups, columns, borders, x.Pointer, y.Pointer, mean: true);
                expected = y.Take();
                KernelWidths.ForEach<SegmentAverage<float>, float>(
                    () => new(groups, columns, borders, x.Pointer, y.Pointer), bits =>
                        Numbers<float>.AssertClose(expected, y.Take(), 1e-6, $"{bits} mean"));
                foreach (bool mean in (bool[])[false, true])
                {
                    SegmentReference.SpreadSum(groups, columns, borders, dy.Pointer, dx.Pointer, mean);
                    expected = dx.Take();
                    KernelWidths.ForEach<SegmentSpread<float>, float>(
                        () => new(groups, columns, borders, dy.Pointer, dx.Pointer, mean),
                        bits => Numbers<float>.AssertClose(expected, dx.Take(), 1e-6, $"{bits} spread"));
                }

                SegmentReference.Max(groups, columns, borders, x.Pointer, y.Pointer);
                float[] largest = y.Take();
                KernelWidths.ForEach<SegmentLargest<float>, float>(
                    () => new(groups, columns, borders, x.Pointer, y.Pointer), bits => Assert.Equal(largest, y.Take()));
                largest.CopyTo(y.Values);
                SegmentReference.SpreadMax(groups, columns, borders, x.Pointer, y.Pointer, dy.Pointer, dx.Pointer);
                expected = dx.Take();
                KernelWidths.ForEach<SegmentLargestGradient<float>, float>(
                    () => new(groups, columns, borders, x.Pointer, y.Pointer, dy.Pointer, dx.Pointer),
                    bits => Numbers<float>.AssertClose(expected, dx.Take(), 1e-6, $"{bits} largest"));
            }
        }
    }

    [Fact]
    public void Largest_of_a_group_with_nan_is_nan_at_every_width()
    {
        int[] offsets = [0, 3];
        fixed (int* pinned = offsets)
        {
            int* borders = pinned;
            using Numbers<float> x = new(3 * 20, 1);
            using Numbers<float> y = new(20, 2);
            x.Values[20 + 3] = float.NaN;
            x.Values[20 + 18] = float.NaN;
            KernelWidths.ForEach<SegmentLargest<float>, float>(
                () => new(1, 20, borders, x.Pointer, y.Pointer),
                _ => Assert.Equal([3, 18], Enumerable.Range(0, 20).Where(c => float.IsNaN(y.Values[c]))));
        }
    }

    [Fact]
    public void Rows_are_gathered_and_added_with_their_strides()
    {
        int[] chosen = [2, 0, 2, 4];
        fixed (int* pinned = chosen)
        {
            int* indices = pinned;
            for (int columns = 0; columns <= 256; columns++)
            {
                using Numbers<float> source = new(5 * (columns + 3), 1);
                using Numbers<float> target = new(4 * (columns + 2), 2);
                float[] gathered = target.Values.ToArray();
                float[] added = target.Values.ToArray();
                for (int row = 0; row < 4; row++)
                {
                    for (int c = 0; c < columns; c++)
                    {
                        gathered[(row * (columns + 2)) + c] = source.Values[(chosen[row] * (columns + 3)) + c];
                        added[(row * (columns + 2)) + c] += source.Values[(row * (columns + 3)) + c];
                    }
                }

                KernelWidths.ForEach<RowGather<float>, float>(
                    () => new(4, columns, indices, source.Pointer, columns + 3, target.Pointer, columns + 2), _ =>
                        Assert.Equal(gathered, target.Take()));
                KernelWidths.ForEach<RowAddition<float>, float>(
                    () => new(4, columns, source.Pointer, columns + 3, target.Pointer, columns + 2), _ =>
                        Assert.Equal(added, target.Take()));
            }
        }
    }

    // Ties are what a maximum must share: few distinct values make them.
    private static void Coarsen(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = MathF.Round(2 * value) / 2;
        }
    }
}
