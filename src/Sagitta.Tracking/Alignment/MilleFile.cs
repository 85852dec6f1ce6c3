namespace Sagitta.Tracking.Alignment;

/// <summary>
/// Tracks for Millepede II: a file that pede reads where its steering lists it under "Cfiles". A record a track: a count of words, then as
/// many floats as integers, little-endian. A measurement is a residual, derivatives by the track's parameters with indices from 1, a sigma,
/// and derivatives by the planes' parameters with labels: 1 + their place in the order of <see cref="AlignmentParameters"/>, so that plane
/// i has 1 + i for its shift along what it measures and 1 + planes + i along z. Measurements that scattering correlates are written as
/// combinations that are independent, with sigma 1: pede then minimises the same sum without scatterers of its own.
/// </summary>
internal static class MilleFile
{
    /// <summary>Writes the tracks as linearised at these values of the parameters; returns how many were written.</summary>
    public static int Write(string path, AlignmentModel model, AlignmentTracks tracks, double[] values,
        AlignmentSelection selection)
    {
        using AtomicFile file = new(path);
        using BinaryWriter writer = new(file.Stream);
        EliminatedTrack track = model.Track(values, selection);
        double[] byTrack = new double[8];
        List<float> floats = [];
        List<int> integers = [];
        int written = 0;
        for (int t = 0; t < tracks.Y.Length / model.Planes; t++)
        {
            if (!track.Fit(tracks, t))
            {
                continue;
            }

            floats.Clear();
            integers.Clear();
            Put(0, 0);
            for (int i = 0; i < track.Planes.Length; i++)
            {
                WhitenedResidual row = track.Elimination.Whiten(i, byTrack.AsSpan(0, track.FreeParameters));
                Put(-row.Residual, 0);
                for (int a = 0; a < track.FreeParameters; a++)
                {
                    Put(row.ByTrack[a], a + 1);
                }

                Put(1, 0);
                for (int j = i; j < track.Planes.Length; j++)
                {
                    for (int kind = 0; kind < model.Parameters.Kinds; kind++)
                    {
                        Put(row.Factors[j] * track.ByOwn(kind, j), 1 + model.Parameters.Of(kind, track.Planes[j]));
                    }
                }
            }

            writer.Write(floats.Count + integers.Count);
            floats.ForEach(writer.Write);
            integers.ForEach(writer.Write);
            written++;
        }

        writer.Flush();
        file.Commit();
        return written;

        // What is 0 says nothing, except in pairs that separate.
        void Put(double value, int index)
        {
            if (value != 0 || index == 0)
            {
                floats.Add((float)value);
                integers.Add(index);
            }
        }
    }
}

/// <summary>A combination of a track's residuals that is independent of the others, in units of its error.</summary>
internal readonly ref struct WhitenedResidual(double residual, ReadOnlySpan<double> byTrack, ReadOnlySpan<double> factors)
{
    public double Residual { get; } = residual;

    public ReadOnlySpan<double> ByTrack { get; } = byTrack;

    public ReadOnlySpan<double> Factors { get; } = factors;
}
