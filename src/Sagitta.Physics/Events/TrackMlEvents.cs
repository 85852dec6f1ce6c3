namespace Sagitta.Physics.Events;

/// <summary>
/// Events in the files of the TrackML challenge: hits, cells, particles and truth of each. A plane is a layer of the volume of its station,
/// with one module; a strip is a cell, whose value is its charge. Times have no place there.
/// </summary>
/// <param name="detector">The detector.</param>
internal sealed class TrackMlEvents(Detector detector) : ExchangeEvents(detector)
{
    private protected override string Mark => "hits";

    private protected override string Particles => "particles";

    private protected override void WriteEvent(Func<string, string> file, EventSet events, int e)
    {
        Range own = events.Hits.HitsOf(e);
        byte[] planes = events.HitPlane[own], labels = events.LabelHit[own];
        float[] y = events.HitY[own];
        long[] id = [.. Enumerable.Range(1, planes.Length).Select(hit => (long)hit)];
        int[] stations = [.. Detector.Planes.Select(plane => plane.Station)];
        TableFile.Write(file("hits"), [
            OutputColumn.Of("hit_id", "", id),
            OutputColumn.Of("x", "mm", new float[planes.Length]),
            OutputColumn.Of("y", "mm", y),
            OutputColumn.Of<float>("z", "mm", [.. planes.Select(plane => (float)Detector.Planes[plane].NominalZ)]),
            OutputColumn.Of<int>("volume_id", "", [.. planes.Select(plane => stations[plane] + 1)]),
            OutputColumn.Of<int>("layer_id", "", [.. planes.Select(plane => 2 * (plane - Array.IndexOf(stations, stations[plane]) + 1))]),
            OutputColumn.Of<int>("module_id", "", [.. planes.Select(_ => 1)]),
        ]);
        TableFile.Write(file("cells"), [
            OutputColumn.Of("hit_id", "", id),
            OutputColumn.Of<int>("ch0", "", [.. planes.Select(
                (plane, hit) => (int)Math.Round(y[hit] / Detector.Planes[plane].StripPitch))]),
            OutputColumn.Of("ch1", "", new int[planes.Length]),
            OutputColumn.Of("value", "primary electrons", events.HitCharge[own]),
        ]);
        if (!events.HasTruth)
        {
            return;
        }

        bool muon = events.TruthMuon[e] != 0;
        int[] crossed = Crossed(events, e);
        TableFile.Write(file("particles"), [
            OutputColumn.Of<long>("particle_id", "", muon ? [1] : []),
            .. ParticleColumns(events, e),
            OutputColumn.Of<int>("nhits", "", muon ? [labels.Count(label => label != 0)] : []),
        ]);
        bool[] isMuon = [.. planes.Select((plane, hit) => labels[hit] != 0 && crossed.Contains(plane))];
        OutputColumn Truth(string name, Func<int, float> ofMuon) =>
            OutputColumn.Of<float>(name, "", [.. planes.Select((plane, hit) => isMuon[hit] ? ofMuon(plane) : 0)]);
        TableFile.Write(file("truth"), [
            OutputColumn.Of("hit_id", "", id),
            OutputColumn.Of<long>("particle_id", "", [.. isMuon.Select(own => own ? 1L : 0)]),
            Truth("tx", _ => 0),
            Truth("ty", plane => events.TruthCrossing[(e * events.PlaneCount) + plane]),
            Truth("tz", plane => (float)Detector.Planes[plane].NominalZ),
            Truth("tpx", _ => 0),
            Truth("tpy", plane => MomentumAt(events, e, plane).Y),
            Truth("tpz", plane => MomentumAt(events, e, plane).Z),
            Truth("weight", plane => 1f / Math.Max(isMuon.Count(own => own), 1)),
        ]);
    }

    private protected override void ReadEvent(Func<string, string> file, ExchangeEvent read, bool truth)
    {
        string path = file("hits");
        ColumnTable hits = TableFile.Read(path, [new("hit_id", ColumnKind.WholeNumber), MuonHitReader.Y,
            new("z", ColumnKind.Number, "mm")]);
        long[] id = hits.Wholes("hit_id");
        double[] y = hits.Numbers("y"), z = hits.Numbers("z");
        Dictionary<long, double> charge = ChargesOf(file("cells"), "hit_id");
        HashSet<long> muons = [];
        string muon = truth ? ReadMuon(file("particles"), typed: false, read) : "";
        if (muon.Length > 0)
        {
            ColumnTable answers = TableFile.Read(file("truth"), [.. Barcode, new("hit_id", ColumnKind.WholeNumber),
                new("ty", ColumnKind.Number), new("tz", ColumnKind.Number)]);
            string[] particles = BarcodesOf(answers, file("truth"));
            for (int row = 0; row < answers.Count; row++)
            {
                if (particles[row] == muon)
                {
                    muons.Add(answers.Wholes("hit_id")[row]);
                    read.Crossings[PlaneAt(answers.Numbers("tz")[row], $"'{file("truth")}'")] = (float)answers.Numbers("ty")[row];
                }
            }
        }

        for (int hit = 0; hit < hits.Count; hit++)
        {
            int plane = PlaneAt(z[hit], $"'{path}', hit {id[hit]}");
            read.Hits.Add(new(plane, y[hit], (float)charge.GetValueOrDefault(id[hit], 1), 0, muons.Contains(id[hit])));
        }
    }
}
