using System.Numerics;

namespace Sagitta.Tests.Tracking.LineGraphs;

/// <summary>Parameters and gradients of the published network, under our names and in our order of rows and columns.</summary>
internal static class GoldenNetwork
{
    /// <summary>Reads arrays "PREFIX + R1.layers.0.weight" and so on into a vector; buffers only where the file has them.</summary>
    public static void Read<T>(NpzReader file, string prefix, ParameterVector<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Parameter parameter in target.Layout.Parameters)
        {
            string name = prefix + Published(parameter.Name);
            if (!file.Contains(name))
            {
                Assert.True(!parameter.Trainable || prefix.Contains("bnafter", StringComparison.Ordinal), $"{file.Name} lacks {name}");
                continue;
            }

            double[] values = file.ReadConverted<double>(name);
            Assert.Equal(parameter.Length, values.Length);
            Span<T> slice = target.Slice(parameter);
            for (int i = 0; i < parameter.Rows; i++)
            {
                for (int j = 0; j < parameter.Columns; j++)
                {
                    slice[(i * parameter.Columns) + j] = T.CreateTruncating(values[(j * parameter.Rows) + i]);
                }
            }
        }
    }

    public static string Published(string name)
    {
        string[] parts = name.Split('.');
        string network = parts[0] switch { "message" => "R1", "update" => "O", _ => "R2" };
        int index = (3 * int.Parse(parts[2])) + (parts[1] == "linear" ? 1 : 0);
        string leaf = parts[3] switch
        {
            "gain" => "weight",
            "running_variance" => "running_var",
            _ => parts[3],
        };
        return $"{network}.layers.{index}.{leaf}";
    }

    /// <summary>Directed links of a golden frame ordered by target, with the stored encoding of each.</summary>
    public static Adjacency Links(NpzReader file, int segments, out float[] encoding)
    {
        // The published list is sorted by source, then target, and symmetric: read the other way round it is sorted by target.
        int[] ends = file.ReadConverted<int>("lg_edge_index");
        int count = ends.Length / 2;
        Adjacency links = new();
        links.Set(segments, ends.AsSpan(count), ends.AsSpan(0, count));
        encoding = [];
        if (file.Read<float>("lg_theta").Length * AngleEncoding.Width == file.Header("lg_edge_attr").Count)
        {
            encoding = file.Read<float>("lg_edge_attr");
        }

        return links;
    }

    public static void AssertClose<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        // Values that are zero but for rounding are held to an absolute bound.
        double largest = 1e-6;
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(expected[i])));
            double difference = Math.Abs(double.CreateTruncating(expected[i] - actual[i]));
            worst = difference > worst || double.IsNaN(difference) ? difference : worst;
        }

        Assert.True(worst <= tolerance * largest, string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: differs by {worst} where the largest value is {largest}"));
    }
}
