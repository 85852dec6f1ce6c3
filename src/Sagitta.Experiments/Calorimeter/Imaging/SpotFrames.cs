namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>Which events make which frame of a scan: a spot's events after each other, so that no frame mixes spots.</summary>
internal static class SpotFrames
{
    /// <summary>Places of the events of every frame.</summary>
    /// <exception cref="BadInputException">A frame or an event of the file has hits of two spots.</exception>
    public static IReadOnlyList<int[]> Of(
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

        if (named)
        {
            return [.. Enumerable.Range(0, events.Count).Select(index => new[] { index })];
        }

        if (spots.Count == 0)
        {
            note("no columns spotX and spotY: frames are formed of consecutive events, which may be of different spots");
        }

        return [.. Enumerable.Range(0, events.Count).GroupBy(index => spots.GetValueOrDefault(events.NumberOf(index)))
            .SelectMany(spot => spot.Chunk(input.Protons))];
    }
}
