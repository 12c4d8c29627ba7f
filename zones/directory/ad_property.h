/* ad_property.h - values of the attribute dNSProperty: the settings of a zone in Active Directory.
 *
 * Layout: [MS-DNSP] section 2.3.2.1; little-endian. Only what aging and updates depend on is read. Nothing allocates;
 * any thread may call. */
#ifndef DA_AD_PROPERTY_H
#define DA_AD_PROPERTY_H

#include "audit/collection.h"

/* Reads one value into the settings of a zone, which begin as da_ad_property_defaults() has them; a property of no
 * interest changes nothing. Returns NULL, or what is wrong with the value, as a phrase. */
const char *da_ad_property_read(const uint8_t *value, size_t length, struct da_zone_aging *aging);

/* What a zone without properties has: no aging, intervals of 168 hours, no updates. The name is left alone. */
void da_ad_property_defaults(struct da_zone_aging *aging);

#endif
