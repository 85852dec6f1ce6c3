namespace Sagitta.Tracking.Calorimeter;

/// <summary>Tracks as a table.</summary>
internal static class CalorimeterTracks
{
    /// <summary>Writes tracks while they come, by the ending of the name (.csv, .csv.gz, .npz, .parquet, .arrow, .h5), whole or not at all;
    /// - is CSV on <paramref name="standardOutput"/>. Lists are texts joined by semicolons.</summary>
    public static void Write(string path, Stream standardOutput, IEnumerable<CalorimeterTrack> tracks) =>
        TableFile.Write(path, standardOutput, tracks, some =>
        {
            OutputColumn Number(string name, string unit, Func<CalorimeterTrack, double> value) =>
                OutputColumn.Of(name, unit, [.. some.Select(value)], "G7");
            OutputColumn Whole(string name, Func<CalorimeterTrack, int> value) => OutputColumn.Of(name, "", [.. some.Select(value)]);
            OutputColumn Text(string name, Func<CalorimeterTrack, string> value) => OutputColumn.Of(name, [.. some.Select(value)]);
            return
            [
                OutputColumn.Of("frame", "", [.. some.Select(track => track.Frame)]),
                Whole("track", track => track.Number),
                Text("status", track => OptionNames.OfValue(track.Status.ToString())),
                Whole("hits", track => track.Hits.Count),
                Text("hit_ids", track => string.Join(';', track.HitIds)),
                Text("layers", track => string.Join(';', track.Layers)),
                Number("range", "mm of water", track => track.Range),
                Number("range_error", "mm of water", track => track.RangeError),
                Number("energy", "MeV", track => track.Energy),
                Number("energy_error", "MeV", track => track.EnergyError),
                Number("wepl", "mm of water", track => track.PathLength),
                Number("wepl_error", "mm of water", track => track.PathLengthError),
                Number("margin", "", track => track.Margin),
                Number("chi2", "", track => track.Chi2),
            ];
        });
}
