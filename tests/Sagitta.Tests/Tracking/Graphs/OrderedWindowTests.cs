namespace Sagitta.Tests.Tracking.Graphs;

public sealed unsafe class OrderedWindowTests
{
    [Fact]
    public void Windows_are_those_of_a_search_number_by_number()
    {
        for (int length = 0; length <= 40; length++)
        {
            double[] values = [.. Enumerable.Range(0, length)
                .Select(i => (double)(i / 2)), .. Enumerable.Repeat(double.PositiveInfinity, OrderedWindow.Padding)];
            for (double lowest = -1; lowest <= length; lowest += 0.5)
            {
                foreach (double width in (double[])[0, 0.5, 4, 1000])
                {
                    foreach (int start in (int[])[0, Math.Min(3, length)])
                    {
                        int first = start;
                        while (first < length && values[first] < lowest)
                        {
                            first++;
                        }

                        int end = Math.Max(first, values.Count(v => v <= lowest + width));
                        fixed (double* pointer = values)
                        {
                            Assert.Equal((first, end), OrderedWindow.Find(pointer, start, lowest, lowest + width));
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Infinite_and_undefined_limits_stay_within_the_numbers()
    {
        double[] values = [1, 2, 3, .. Enumerable.Repeat(double.PositiveInfinity, OrderedWindow.Padding)];
        fixed (double* pointer = values)
        {
            Assert.Equal((0, 3), OrderedWindow.Find(pointer, 0, double.NegativeInfinity, double.PositiveInfinity));
            Assert.Equal((0, 0), OrderedWindow.Find(pointer, 0, double.NaN, double.NaN));
        }
    }
}
