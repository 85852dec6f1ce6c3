namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>A frame of a scan: events of one spot after each other.</summary>
/// <param name="Events">Places of its events.</param>
/// <param name="Spot">x and y of the spot, mm; null where the file names none.</param>
internal sealed record SpotFrame(int[] Events, (double X, double Y)? Spot)
{
    /// <summary>The frames of a file.</summary>
    /// <exception cref="BadInputException">A frame or an event of the file has hits of two spots.</exception>
    public static IReadOnlyList<SpotFrame> Of(
        CalorimeterReconstructionRequest input, CalorimeterDeposits deposits, CalorimeterEvents events, Action<string> note)
    {
        bool named = input.FrameColumn is not null;
        Dictionary<long, (double X, double Y)> spots = [];
        for (int row = 0; row < deposits.Spot.Length; row++)
        {
            long group = named ? deposits.Frame[row] : deposits.EventNumber[row];
            if (!spots.TryAdd(group, deposits.Spot[row]) && spots[group] != deposits.Spot[row])
            {
                throw new BadInputException($"'{input.Hits}'", string.Create(CultureInfo.InvariantCulture,
                    $"{(named ? "frame" : "event")} {group} has hits of two spots of the beam, {spots[group]} and {deposits.Spot[row]}"),
                    "give each spot frames of its own");
            }
        }

        (double X, double Y)? SpotOf(int index) =>
            spots.TryGetValue(events.NumberOf(index), out (double X, double Y) spot) ? spot : null;
        if (named)
        {
            return [.. Enumerable.Range(0, events.Count).Select(index => new SpotFrame([index], SpotOf(index)))];
        }

        if (spots.Count == 0)
        {
            note("no columns spotX and spotY: frames are formed of consecutive events, which may be of different spots");
        }

        return [.. Enumerable.Range(0, events.Count).GroupBy(SpotOf)
            .SelectMany(spot => spot.Chunk(input.Protons).Select(chunk => new SpotFrame(chunk, spot.Key)))];
    }
}
