namespace Sagitta.Physics.Digitisation;

/// <summary>
/// How many electrons a primary collision frees in argon: Fischle, Heintze, Schmidt, Nucl. Instrum. Meth. A 301 (1991) 202, table 2
/// and its tail 21.6 %/n^2, cut at <see cref="Largest"/> since larger transfers are electrons of their own.
/// </summary>
internal static class ClusterSizes
{
    /// <summary>Largest cluster: about 1 keV over 27 eV.</summary>
    public const int Largest = 37;

    /// <summary>Entries of the table that a uniform is turned into a size by.</summary>
    public const int TableLength = 8192;

    private const double TailPercent = 21.6;

    /// <summary>The sizes at quantiles (index + 1/2) / <see cref="TableLength"/>.</summary>
    public static byte[] Table { get; } = MakeTable();

    private static byte[] MakeTable()
    {
        ReadOnlySpan<double> percent =
        [
            65.6, 15.0, 6.4, 3.5, 2.25, 1.55, 1.05, 0.81, 0.61, 0.49, 0.39, 0.30, 0.25, 0.20, 0.16, 0.12, 0.095, 0.075, 0.063,
        ];
        var cumulative = new double[Largest];
        double sum = 0;
        for (int n = 1; n <= Largest; n++)
        {
            sum += n <= percent.Length ? percent[n - 1] : TailPercent / ((double)n * n);
            cumulative[n - 1] = sum;
        }

        var table = new byte[TableLength];
        int size = 1;
        for (int i = 0; i < TableLength; i++)
        {
            while (size < Largest && (i + 0.5) / TableLength > cumulative[size - 1] / sum)
            {
                size++;
            }

            table[i] = (byte)size;
        }

        return table;
    }
}
