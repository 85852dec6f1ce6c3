using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>
/// The encoding of angles on a grid of roots, for cubic Hermite interpolation: row 2g holds the 128 values at node g, row 2g + 1 their
/// slopes times the spacing. The encoding enters the network linearly, so its product with a weight matrix is tabulated at the nodes and
/// interpolated for each link; at the highest frequency (899) the interpolation is off by 6e-6.
/// </summary>
internal static class AngleTable
{
    /// <summary>Nodes for each unit of root angle; a power of two, so that positions are exact.</summary>
    public const int NodesPerUnit = 4096;

    /// <summary>Nodes, up to an angle of pi.</summary>
    public const int Nodes = 7264;
}

/// <summary>The table in one precision.</summary>
internal static class AngleTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>2 x nodes rows of 128.</summary>
    public static T[] Values { get; } = Build();

    private static T[] Build()
    {
        T[] table = GC.AllocateUninitializedArray<T>(2 * AngleTable.Nodes * AngleEncoding.Width, pinned: true);
        for (int k = 0; k < AngleEncoding.Width / 2; k++)
        {
            double frequency = AngleEncoding.Frequency(k);
            double step = frequency / AngleTable.NodesPerUnit;
            for (int node = 0; node < AngleTable.Nodes; node++)
            {
                (double sine, double cosine) = Math.SinCos(step * node);
                int value = (2 * node * AngleEncoding.Width) + (2 * k);
                int slope = value + AngleEncoding.Width;
                table[value] = T.CreateTruncating(sine);
                table[value + 1] = T.CreateTruncating(cosine);
                table[slope] = T.CreateTruncating(step * cosine);
                table[slope + 1] = T.CreateTruncating(-step * sine);
            }
        }

        return table;
    }
}
