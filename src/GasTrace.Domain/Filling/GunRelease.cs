using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>Frees the gun on which a permit was begun.</summary>
internal static class GunRelease
{
    /// <summary>Adds the gun's new card to the changes when the gun is busy with this permit.</summary>
    public static void Add(List<CardChange> changes, CardSet cards, PermitTerms terms)
    {
        var key = CardKey.Gun(terms.TerminalId, terms.GunId);
        if (cards.Get<GunCard>(key) is { } gun && gun.BegunPermitId == terms.PermitId)
        {
            changes.Add(new CardChange(key, new GunCard { LastSequence = gun.LastSequence }));
        }
    }
}
